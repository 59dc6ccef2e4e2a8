// An operator gives the money of an order back. Here it is only decided and stored; the running service has Stripe do
// it, tries again while that fails, and tells it. The order stays completed.
import type { Payments } from '../data/payments';
import type { Payment } from '../domain/payment';
import { disputeAgainst, refundOrdered } from '../domain/refund-payment';
import { moneyText } from '../money-text';

export type OrderedRefund = { found: false } | { found: true; payment: Payment; refundable: boolean };

const mostTries = 10;

/** Repeatable: what is being refunded, or is refunded, is left as it is. */
export async function orderRefund(payments: Payments, orderId: string): Promise<OrderedRefund> {
  for (let tries = 0; tries < mostTries; tries++) {
    const payment = await payments.find(orderId);
    if (!payment) return { found: false };
    const change = refundOrdered(payment);
    if (!change) return { found: true, payment, refundable: false };
    if (change.payment === payment) return { found: true, payment, refundable: true };
    const saved = await payments.save(payment, change);
    if (saved) return { found: true, payment: saved, refundable: true };
  }
  throw new Error(`The payment of order ${orderId} is being changed by others all the time: try again.`);
}

/** What an operator is asked before it is ordered. */
export const askRefund = (payment: Payment): string =>
  `Give ${moneyText(payment.amount, payment.currency)} back to the buyer of order ${payment._id}? The order stays completed.`;

/** What an operator reads about a payment. */
export function describeRefund(payment: Payment): string {
  const { _id, state, charges, refundFailures, refundFailure } = payment;
  const money = moneyText(payment.amount, payment.currency);
  const refundId = charges.find(({ stripeRefundId }) => stripeRefundId !== null)?.stripeRefundId;
  if (state === 'refunded') return `Order ${_id}: ${money} were given back${refundId ? ` by ${refundId}` : ''}.`;
  const dispute = disputeAgainst(payment);
  if (state === 'captured' && dispute)
    return `Order ${_id}: its buyer disputes the charge (${dispute.stripeId}, ${dispute.status}); Stripe refunds none of that. Answer at Stripe's dashboard.`;
  if (state !== 'refunding') return `Order ${_id}: no money was taken that could be given back (${state}).`;
  const troubles =
    refundFailures > 0
      ? ` It has failed ${refundFailures === 1 ? 'once' : `${refundFailures} times`}, the last time: ${refundFailure}`
      : '';
  return `Order ${_id}: ${money} are being given back; the payments service does it.${troubles}`;
}
