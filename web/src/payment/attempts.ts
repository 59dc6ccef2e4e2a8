import type { Charge } from '@/api/types';

/** How many cards may still be tried, as payments says with the last decline; nothing to say before the first. */
export function describeAttempts(charges: readonly Charge[]): string | undefined {
  const left = charges.findLast(({ attemptsLeft }) => attemptsLeft !== undefined)?.attemptsLeft;
  if (left === undefined) return undefined;
  if (left === 0) return 'That was the last attempt: the order is being cancelled.';
  return left === 1 ? 'You have one attempt left.' : `You have ${left} attempts left.`;
}
