import { type AbandonedHold, abandonRequest, type Clock, type OrderStatus, Problem } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { Orders } from '../data/orders';

interface Deps {
  orders: Orders;
  clock: Clock;
}

/**
 * Tickets asks about old holds. An order that was never written gets a `Cancelled` tombstone, so that a request which
 * is still on its way finds it and lets the ticket go.
 */
export const abandonOrders =
  (deps: Deps): RequestHandler =>
  async (req, res) => {
    const request = abandonRequest.safeParse(req.body);
    if (!request.success) throw new Problem(400, 'InvalidInput', request.error.message);
    const { holds } = request.data;
    const found = await deps.orders.findMany(holds.map(({ orderId }) => orderId));
    const statuses = new Map<string, OrderStatus>(found.map(({ _id, status }) => [_id, status]));
    for (const hold of holds) {
      if (!statuses.has(hold.orderId)) statuses.set(hold.orderId, await writeTombstone(deps, hold));
    }
    res.json({ orders: [...statuses].map(([id, status]) => ({ id, status })) });
  };

async function writeTombstone(
  { orders, clock }: Deps,
  { orderId, ticketId, buyerId }: AbandonedHold,
): Promise<OrderStatus> {
  const now = clock.now();
  const tombstone = await orders.insert(
    {
      _id: orderId,
      userId: buyerId,
      ticketId,
      status: 'Cancelled',
      held: null,
      expiresAt: now,
      createdAt: now,
      captureBegunAt: null,
      cancelReason: 'HoldNotConfirmed',
      version: 1,
    },
    { announced: false, tombstone: true },
    now,
  );
  if (tombstone) return 'Cancelled';
  const written = await orders.find(orderId);
  if (!written) throw new Error(`order ${orderId} refused its tombstone and is not there`);
  return written.status;
}
