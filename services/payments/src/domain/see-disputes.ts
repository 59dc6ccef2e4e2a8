import type { Intent } from './intent';
import { type Change, changed, type Dispute, type Payment, unchanged } from './payment';

/**
 * Disputes are noted for the ledger and for operators: whether to answer them, and whom to let in, is for people. What is
 * decided stays decided, whatever was seen before it.
 */
export function disputesSeen(payment: Payment, { disputes: seen }: Intent): Change {
  const news = newsOf(payment, seen);
  if (news.length === 0) return unchanged(payment);
  const others = payment.disputes.filter(({ stripeId }) => !news.some((one) => one.stripeId === stripeId));
  return changed(payment, { disputes: [...others, ...news] });
}

/** Those that are new, or that were open and are decided. */
export const newsOf = ({ disputes: known }: Pick<Payment, 'disputes'>, seen: readonly Dispute[]): Dispute[] =>
  seen.filter(({ stripeId, status }) => {
    const before = known.find((dispute) => dispute.stripeId === stripeId);
    return !before || (before.status === 'open' && status !== 'open');
  });
