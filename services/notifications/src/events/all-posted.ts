import { DropEvent } from '@ticketing/common';

/**
 * Waits for all: one person's refused address must not cost another their mail. Then throws what wants another try
 * before what does not, since those that were sent are not sent again.
 */
export async function allPosted(...posts: Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(posts);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  const worst = failures.find((failure) => !(failure instanceof DropEvent)) ?? failures[0];
  if (worst) throw worst;
}
