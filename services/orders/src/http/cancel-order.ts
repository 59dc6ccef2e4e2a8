import { type Clock, Problem, sessionOf } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { OrderRecord } from '../data/order-model';
import type { Orders } from '../data/orders';
import { type CancelRefusal, cancelByBuyer } from '../domain/order';
import { noSuchOrder } from '../order-problems';
import { releaseIfPossible, type TicketHolds } from '../tickets/ask-tickets';

interface Deps {
  orders: Orders;
  holds: TicketHolds;
  announce: (order: OrderRecord) => void;
  clock: Clock;
}

const problems: Record<CancelRefusal, () => Problem> = {
  AlreadyCompleted: () => new Problem(409, 'AlreadyCompleted', 'This order is paid and cannot be cancelled.'),
  BeingCaptured: () =>
    new Problem(409, 'BeingCaptured', 'Your payment is being taken right now; look again in a moment.'),
};

export const cancelOrder =
  ({ orders, holds, announce, clock }: Deps): RequestHandler =>
  async (req, res) => {
    const id = String(req.params.id);
    const own = await orders.find(id);
    if (!own || own.userId !== sessionOf(req).userId) throw noSuchOrder();
    const cancelled = await orders.change(id, cancelByBuyer, clock.now());
    if (cancelled?.kind === 'refused') throw problems[cancelled.reason]();
    if (cancelled?.kind === 'changed') {
      announce(cancelled.order);
      // No event tells of an order whose hold was never known; the hold may be there all the same.
      if (!cancelled.order.held) await releaseIfPossible(holds, { orderId: id, ticketId: own.ticketId });
    }
    res.status(204).end();
  };
