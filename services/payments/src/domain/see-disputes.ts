import type { Intent } from './intent';
import { type Change, changed, type Dispute, type Payment, unchanged } from './payment';

/**
 * Disputes are noted for the ledger and for operators: whether to answer them, and whom to let in, is for people. What is
 * decided stays decided, whatever was seen before it; only one that was lost may still be won, when a bank thinks again.
 */
export function disputesSeen(payment: Payment, { disputes: seen }: Intent): Change {
  const news = newsOf(payment, seen);
  if (news.length === 0) return unchanged(payment);
  const others = payment.disputes.filter(({ stripeId }) => !news.some((one) => one.stripeId === stripeId));
  return changed(payment, { disputes: [...others, ...news] });
}

/** Those that are new, or further than they were. */
export const newsOf = ({ disputes: known }: Pick<Payment, 'disputes'>, seen: readonly Dispute[]): Dispute[] =>
  seen.filter(({ stripeId, status }) => {
    const before = known.find((dispute) => dispute.stripeId === stripeId);
    return !before || rank[status] > rank[before.status];
  });

const rank = { open: 0, lost: 1, won: 2 } as const;
