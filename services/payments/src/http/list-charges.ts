import { inputOf, isId, sessionOf, validate } from '@ticketing/common';
import type { RequestHandler } from 'express';
import { query } from 'express-validator';
import { chargeView } from '../payment-view';
import type { SettlementDeps } from '../settlement/deps';
import { throwUndecided, unknownOrder } from './problems';

/** The buyer's own charges for an order, oldest first; none yet is an empty list. */
export const listCharges = (deps: Pick<SettlementDeps, 'payments' | 'orders' | 'rules'>): RequestHandler[] => [
  validate(query('orderId').custom(isId).withMessage('Name the order.')),
  async (req, res) => {
    const { orderId } = inputOf<{ orderId: string }>(req);
    const payment = await deps.payments.find(orderId);
    const owner = payment ?? (await deps.orders.find(orderId).catch(throwUndecided));
    if (owner?.userId !== sessionOf(req).userId) throw unknownOrder();
    res.json({ items: payment ? payment.charges.map((charge) => chargeView(payment, charge, deps.rules)) : [] });
  },
];
