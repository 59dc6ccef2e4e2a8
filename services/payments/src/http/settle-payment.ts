import { isId, type RateLimiter, rateLimits, sessionOf } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { Payment } from '../domain/payment';
import type { DeclineRules } from '../domain/see-intent';
import { chargeView } from '../payment-view';
import { advancePayment } from '../settlement/advance-payment';
import type { SettlementDeps } from '../settlement/deps';
import type { InTurn } from './in-turn';
import { throwUndecided, unknownPayment } from './problems';

interface Deps extends SettlementDeps {
  limiter: RateLimiter;
  settling: InTurn<Payment | null>;
}

/**
 * The browser says that it has confirmed a card; Stripe is asked whether that is so. Answers the latest charge as it
 * stands: `Completed`, `Failed` with what to do next, or `Created` while the buyer has something left to do. 503 when
 * Stripe or orders did not say: settling goes on without the browser, which may ask again. The id is the payment's or
 * that of any of its charges.
 */
export const settlePayment =
  (deps: Deps): RequestHandler =>
  async (req, res) => {
    const { id } = req.params;
    const payment = isId(id) ? await deps.payments.findByEither(id) : null;
    if (payment?.userId !== sessionOf(req).userId) throw unknownPayment();
    await deps.limiter.use(rateLimits.paymentRequestsOfAccount, payment.userId);
    const settled = await deps.settling(payment._id, () => advancePayment(deps, payment._id)).catch(throwUndecided);
    res.json(latestCharge(settled ?? payment, deps.rules));
  };

function latestCharge(payment: Payment, rules: DeclineRules) {
  const charge = payment.charges.at(-1);
  // Closed before there was a charge: there is nothing to settle.
  if (!charge) throw unknownPayment();
  return chargeView(payment, charge, rules);
}
