import { inputOf, limitField, sessionOf, validate } from '@ticketing/common';
import type { RequestHandler } from 'express';
import { query } from 'express-validator';
import type { OrderCursor, Orders } from '../data/orders';
import type { Order } from '../domain/order';
import { orderView } from '../order-view';

export const listOrders = ({ orders }: { orders: Orders }): RequestHandler[] => [
  validate(
    limitField(),
    query('cursor')
      .optional()
      .custom((value: unknown) => decodeCursor(value) !== undefined)
      .withMessage('This cursor is not one we gave out.'),
  ),
  async (req, res) => {
    const { limit, cursor } = inputOf<{ limit: number; cursor?: string }>(req);
    const found = await orders.ofBuyer(sessionOf(req).userId, limit + 1, decodeCursor(cursor));
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    res.json({ items: shown.map(orderView), nextCursor: last ? encodeCursor(last) : null });
  },
];

const encodeCursor = ({ createdAt, _id }: Order): string => `${createdAt.getTime()}-${_id}`;

/** Nothing when it is not a cursor of ours. */
function decodeCursor(value: unknown): OrderCursor | undefined {
  const [, ms, id] = (typeof value === 'string' && /^(\d{1,15})-([0-9a-f]{24})$/.exec(value)) || [];
  return ms && id ? { createdAt: new Date(Number(ms)), id } : undefined;
}
