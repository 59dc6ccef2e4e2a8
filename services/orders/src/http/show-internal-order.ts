import type { RequestHandler } from 'express';
import type { Orders } from '../data/orders';
import { unknownOrder } from '../order-problems';
import { internalOrderView } from '../order-view';

export const showInternalOrder =
  ({ orders }: { orders: Orders }): RequestHandler =>
  async (req, res) => {
    const order = await orders.find(String(req.params.id));
    if (!order) throw unknownOrder();
    res.json(internalOrderView(order));
  };
