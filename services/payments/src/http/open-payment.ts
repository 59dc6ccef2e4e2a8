import {
  type InternalOrder,
  inputOf,
  isId,
  type RateLimiter,
  rateLimits,
  sessionOf,
  validate,
} from '@ticketing/common';
import type { RequestHandler } from 'express';
import { body } from 'express-validator';
import { refuseOrder } from '../domain/open-payment';
import { type BegunPayment, beginPayment } from '../settlement/begin-payment';
import type { SettlementDeps } from '../settlement/deps';
import type { InTurn } from './in-turn';
import { openingProblem, throwUndecided, unknownOrder } from './problems';

interface Deps extends SettlementDeps {
  limiter: RateLimiter;
  opening: InTurn<BegunPayment>;
}

/** Gives the browser what it needs to have a card confirmed by Stripe. The amount is the order's, never the browser's. */
export const openPayment = (deps: Deps): RequestHandler[] => [
  validate(body('orderId').custom(isId).withMessage('Name the order to pay.')),
  async (req, res) => {
    const { orderId } = inputOf<{ orderId: string }>(req);
    const order = await deps.orders.find(orderId).catch(throwUndecided);
    if (order?.userId !== sessionOf(req).userId) throw unknownOrder();
    await deps.limiter.use(rateLimits.paymentRequestsOfAccount, order.userId);
    const begun = await begin(deps, order);
    if (begun.refused) throw openingProblem(begun.refused);
    const { payment, clientSecret } = begun;
    res.status(201).json({
      id: payment._id,
      clientSecret,
      publishableKey: deps.stripe.publishableKey,
      amount: payment.amount,
      currency: payment.currency,
    });
  },
];

async function begin(deps: Deps, order: InternalOrder) {
  const refused = refuseOrder(order, deps.clock.now());
  if (refused) return { refused };
  const { price } = order;
  if (price === null) return { refused: 'OrderNotHeld' as const };
  return deps.opening(order.id, () => beginPayment(deps, { ...order, price })).catch(throwUndecided);
}
