import { inputOf, isId, sessionOf, validate } from '@ticketing/common';
import type { RequestHandler } from 'express';
import { query } from 'express-validator';
import type { Orders } from '../data/orders';
import { orderView } from '../order-view';

export const listOrders = ({ orders }: { orders: Orders }): RequestHandler[] => [
  validate(
    query('limit')
      .default('20')
      .custom(
        (value: unknown) =>
          typeof value === 'string' && /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 100,
      )
      .withMessage('The limit is between 1 and 100.')
      .bail()
      .toInt(),
    query('cursor').optional().custom(isId).withMessage('This cursor is not one we gave out.'),
  ),
  async (req, res) => {
    const { limit, cursor } = inputOf<{ limit: number; cursor?: string }>(req);
    const found = await orders.ofBuyer(sessionOf(req).userId, limit + 1, cursor);
    const shown = found.slice(0, limit);
    res.json({ items: shown.map(orderView), nextCursor: found.length > limit ? shown.at(-1)?._id : null });
  },
];
