import { type BeginCaptureAnswer, type Clock, Problem } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { OrderRecord } from '../data/order-model';
import type { Orders } from '../data/orders';
import { beginCapture } from '../domain/order';
import { unknownOrder } from '../order-problems';

interface Deps {
  orders: Orders;
  announce: (order: OrderRecord) => void;
  clock: Clock;
}

/** Payments asks before it takes money. Whatever is answered is stored first, and stays the answer. */
export const answerBeginCapture =
  ({ orders, announce, clock }: Deps): RequestHandler =>
  async (req, res) => {
    const now = clock.now();
    const decided = await orders.change(String(req.params.id), (order) => beginCapture(order, now), now);
    if (!decided) throw unknownOrder();
    if (decided.kind === 'refused') throw new Problem(503, decided.reason, 'The hold of this order is not known yet.');
    if (decided.kind === 'changed') announce(decided.order);
    const { status } = decided.order;
    const answer: BeginCaptureAnswer = { granted: status === 'Capturing' || status === 'Completed', status };
    res.json(answer);
  };
