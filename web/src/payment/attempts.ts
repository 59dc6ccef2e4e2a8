import type { Charge } from '@/api/types';

/** Failed charges that were no card's fault: an order that ended, an approval that was given back. */
const endings = ['voided', 'closed', 'canceled', 'authorisation_lapsed'];

export const isDecline = ({ status, reason = '' }: Charge): boolean => status === 'Failed' && !endings.includes(reason);

/** The product's rule: three declined cards end an order. Payments decides; here it is only told beforehand. */
const attemptsAllowed = 3;

/** How many cards may still be tried. */
export const attemptsLeft = (charges: readonly Charge[]): number =>
  Math.max(0, attemptsAllowed - charges.filter(isDecline).length);

/** Nothing to say before the first decline. */
export function describeAttempts(charges: readonly Charge[]): string | undefined {
  const left = attemptsLeft(charges);
  if (left >= attemptsAllowed) return undefined;
  if (left === 0) return 'That was the last attempt: the order is being cancelled.';
  return left === 1 ? 'You have one attempt left.' : `You have ${left} attempts left.`;
}
