import { idFrom, inputOf, isId, type NewId, sessionOf, validate } from '@ticketing/common';
import type { RequestHandler } from 'express';
import { body, header } from 'express-validator';
import { orderView } from '../order-view';
import { type PlaceOrderDeps, placeOrder } from '../place-order';

interface Deps extends PlaceOrderDeps {
  newId: NewId;
}

interface Input {
  ticketId: string;
  price?: number;
  'idempotency-key'?: string;
}

export const createOrder = (deps: Deps): RequestHandler[] => [
  validate(
    body('ticketId').custom(isId).withMessage('Name the ticket by its id.'),
    body('price')
      .optional()
      .custom((price: unknown) => Number.isInteger(price) && Number(price) >= 0 && Number(price) < 1e9)
      .withMessage('The price you saw is a whole number of cents, from 0 to 999999999.'),
    header('idempotency-key')
      .optional()
      .matches(/^[\x21-\x7e]{1,200}$/)
      .withMessage('An Idempotency-Key has 1 to 200 visible ASCII characters.'),
  ),
  async (req, res) => {
    const { ticketId, price, 'idempotency-key': key } = inputOf<Input>(req);
    const buyerId = sessionOf(req).userId;
    // With the ticket in it: a key that is used for two tickets must not name one order.
    const orderId = key === undefined ? deps.newId() : idFrom('order', buyerId, ticketId, key);
    const { order, fresh } = await placeOrder(deps, { orderId, buyerId, ticketId, price });
    res
      .status(fresh ? 201 : 200)
      .location(`/api/orders/${order._id}`)
      .json(orderView(order));
  },
];
