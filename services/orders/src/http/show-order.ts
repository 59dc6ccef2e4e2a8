import { sessionOf } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { Orders } from '../data/orders';
import { noSuchOrder } from '../order-problems';
import { orderView } from '../order-view';

export const showOrder =
  ({ orders }: { orders: Orders }): RequestHandler =>
  async (req, res) => {
    const order = await orders.find(String(req.params.id));
    if (!order || order.userId !== sessionOf(req).userId) throw noSuchOrder();
    res.json(orderView(order));
  };
