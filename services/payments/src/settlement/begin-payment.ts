// Opens the payment of an order, or finds it open: the charge is written first, then Stripe is asked for a
// PaymentIntent. Repeated, raced and interrupted anywhere, it leads to one payment and one PaymentIntent.
import type { InternalOrder } from '@ticketing/common';
import {
  intentCreated,
  keyUsedUp,
  type OpeningRefusal,
  openNextAttempt,
  openPayment,
  type PayableOrder,
  refusePayment,
} from '../domain/open-payment';
import type { Payment } from '../domain/payment';
import { intentSeen } from '../domain/see-intent';
import { StripeRefused } from '../stripe/stripe-errors';
import type { IntentWithSecret } from '../stripe/stripe-payments';
import type { SettlementDeps } from './deps';
import { NotSettledYet } from './undecided';

export type BegunPayment =
  | { refused: OpeningRefusal }
  | { refused?: undefined; payment: Payment; clientSecret: string };

const mostSteps = 10;
const mostRefusals = 2;

/**
 * Only for an order that awaits payment is one opened, or a new attempt begun (rule 10): one that is being captured
 * has its payment, and is shown it.
 * @throws what `isUndecided` tells, when Stripe did not say: the same request again goes on from there
 */
export async function beginPayment(
  deps: SettlementDeps,
  order: PayableOrder & Pick<InternalOrder, 'status'>,
): Promise<BegunPayment> {
  const { payments, clock, rules } = deps;
  let refusals = 0;
  for (let steps = 0; steps < mostSteps; steps++) {
    const found = await payments.find(order.id);
    const isBegun = found !== null && found.state !== 'lapsed';
    if (!isBegun && order.status !== 'AwaitingPayment') return { refused: 'PaymentClosed' };
    const payment = found ?? (await payments.insert(openPayment(order, clock.now())));
    if (!payment) continue;
    const refused = refusePayment(payment);
    if (refused) return { refused };
    if (payment.state === 'lapsed') {
      await payments.save(payment, openNextAttempt(payment, clock.now()));
      continue;
    }
    if (payment.state === 'opening') {
      const created = await createIntent(deps, payment, () => refusals++ < mostRefusals);
      if (created) return { payment: created.payment, clientSecret: created.clientSecret };
      continue;
    }
    const { intent, clientSecret } = await deps.stripe.lookWithSecret(payment);
    const seen = intentSeen(payment, intent, rules);
    if (seen.payment === payment) return { payment, clientSecret };
    await payments.save(payment, seen);
  }
  throw new NotSettledYet(`payment ${order.id} did not come to rest`);
}

/** Nothing when the payment is no longer as it was, or Stripe refused: it is then to be looked at again. */
async function createIntent(
  deps: SettlementDeps,
  payment: Payment,
  mayTryAgain: () => boolean,
): Promise<{ payment: Payment; clientSecret: string } | undefined> {
  const { intent, clientSecret } = await ask(deps, payment, mayTryAgain);
  if (!intent) return undefined;
  const saved = await deps.payments.save(payment, intentCreated(payment, intent.id));
  if (saved) return { payment: saved, clientSecret };
  await cancelUnlessKept(deps, payment._id, intent.id);
  return undefined;
}

async function ask(
  deps: SettlementDeps,
  payment: Payment,
  mayTryAgain: () => boolean,
): Promise<IntentWithSecret | { intent?: undefined; clientSecret?: undefined }> {
  try {
    return await deps.stripe.createIntent(payment);
  } catch (error) {
    if (!(error instanceof StripeRefused)) throw error;
    deps.log.warn({ err: error, orderId: payment._id }, 'Stripe refused a PaymentIntent; looking for it');
    await deps.payments.save(payment, keyUsedUp(payment));
    if (mayTryAgain()) return {};
    throw error;
  }
}

/** The payment was closed meanwhile, or keeps another one: this one must not stay open for a card. */
async function cancelUnlessKept(deps: SettlementDeps, orderId: string, intentId: string): Promise<void> {
  const payment = await deps.payments.find(orderId);
  const mayStillBeKept = payment?.intentId === null && (payment.state === 'opening' || payment.state === 'closing');
  if (payment?.intentId !== intentId && !mayStillBeKept) await deps.stripe.cancelStray(intentId);
}
