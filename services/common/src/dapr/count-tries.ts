import type { EventOutcome } from './dapr';

/**
 * How often daprd brings an event that fails: once, and with the retries of components/NAME/resiliency.yaml
 * (tests/architecture/retry-budget.test.ts holds them together).
 */
export const triesOfEvent = 7;

const mostRemembered = 10_000;

/** What became of the deliveries that did not succeed, for as long as daprd keeps trying them. */
export interface Tries {
  wasDropped(entryId: string): boolean;
  /** Counts one more. @returns whether this try decides that the event ends in the dead letters */
  count(entryId: string, outcome: EventOutcome): boolean;
}

export function countTries(): Tries {
  const failed = new Map<string, { times: number; dropped: boolean }>();
  return {
    wasDropped: (entryId) => failed.get(entryId)?.dropped ?? false,
    count(entryId, outcome) {
      const before = failed.get(entryId) ?? { times: 0, dropped: false };
      if (outcome === 'SUCCESS') {
        failed.delete(entryId);
        return false;
      }
      const now = { times: before.times + 1, dropped: before.dropped || outcome === 'DROP' };
      failed.set(entryId, now);
      const [oldest] = failed.keys();
      if (failed.size > mostRemembered && oldest !== undefined) failed.delete(oldest);
      return now.dropped ? !before.dropped : now.times === triesOfEvent;
    },
  };
}
