import type { Intent } from './intent';
import {
  type Change,
  type Charge,
  changed,
  chargeEvent,
  type Dispute,
  type Payment,
  type PaymentEvent,
  replaceCharge,
  unchanged,
} from './payment';

/** An operator gives the money back. The order stays completed; nothing when there is none of it with us. */
export function refundOrdered(payment: Payment): Change | undefined {
  switch (payment.state) {
    case 'captured':
      if (disputeAgainst(payment)) return undefined;
      return changed(payment, { state: 'refunding' });
    case 'refunding':
    case 'refunded':
      return unchanged(payment);
    default:
      return undefined;
  }
}

/** The money is with the buyer's bank, or with the buyer: Stripe refuses to refund it. */
export const disputeAgainst = ({ disputes }: Pick<Payment, 'disputes'>): Dispute | undefined =>
  disputes.find(({ status }) => status !== 'won');

/** Refunds what was captured, whoever did it: we, or an operator at Stripe. */
export function refundSeen(payment: Payment, refundId: string): Change {
  if (payment.state !== 'captured' && payment.state !== 'refunding') return unchanged(payment);
  const completed = completedCharge(payment);
  if (!completed) return changed(payment, { state: 'refunded', refundStands: false });
  const refunded: Charge = { ...completed, stripeRefundId: refundId };
  return changed(
    payment,
    { state: 'refunded', refundStands: false, charges: replaceCharge(payment.charges, refunded) },
    (next) => [chargeEvent('ChargeRefunded', next, refunded)],
  );
}

/** What was told when the money was given back. */
export function refundTold(payment: Payment): PaymentEvent[] {
  const charge = completedCharge(payment);
  return payment.state === 'refunded' && charge ? [chargeEvent('ChargeRefunded', payment, charge)] : [];
}

/** Stripe: most refunds that fail do so within 30 days. https://docs.stripe.com/refunds#failed-refunds */
const refundWatchDays = 30;

/** It was made so long ago that it is looked at for the last time. @param refundedAt by the ledger */
export const isRefundOld = (refundedAt: Date, now: Date): boolean =>
  now.getTime() - refundedAt.getTime() >= refundWatchDays * 24 * 3600_000;

/** Looked at so long after, it has not come back: nothing is left to look after. */
export const refundArrived = (payment: Payment): Change =>
  payment.state === 'refunded' && !payment.refundStands ? changed(payment, { refundStands: true }) : unchanged(payment);

/**
 * The bank sent back what Stripe had called refunded: it is to be given back again.
 * https://docs.stripe.com/refunds#failed-refunds
 */
export function failedRefundSeen(payment: Payment, { failedRefundIds }: Intent): Change {
  const charge = completedCharge(payment);
  if (payment.state !== 'refunded' || !charge?.stripeRefundId) return unchanged(payment);
  if (!failedRefundIds.includes(charge.stripeRefundId)) return unchanged(payment);
  return changed(payment, {
    ...failed(payment, `the refund ${charge.stripeRefundId} failed at the bank`),
    state: 'refunding',
    charges: replaceCharge(payment.charges, { ...charge, stripeRefundId: null }),
  });
}

/** Stripe would not refund; the next try takes another idempotency key, which would repeat the refusal. */
export const refundRefused = (payment: Payment, why: string): Change => changed(payment, failed(payment, why));

const failed = ({ tries, refundFailures }: Payment, why: string) => ({
  tries: tries + 1,
  refundFailures: refundFailures + 1,
  refundFailure: why,
});

const completedCharge = ({ charges }: Payment): Charge | undefined =>
  charges.find(({ status }) => status === 'Completed');
