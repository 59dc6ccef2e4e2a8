import type { BackgroundWork, Log } from '@ticketing/common';
import { isUndecided } from './undecided';

/** Work that goes on after its request was answered; the drain waits for what has begun. */
export interface WorkInHand extends BackgroundWork {
  /**
   * As soon as there is room, and once though it is begun again while it waits. Never fails: what is not done, or not
   * taken because too much waits, stays stored as work to do, for the reconciler.
   * @param name what is done, to which payment: the same name is the same work
   */
  begin(name: string, work: () => Promise<unknown>): void;
}

/** Stripe takes 100 requests a second, 25 in test mode: a thousand cancellations at once must not all ask at once. */
const defaultMostAtOnce = 16;
const defaultMostWaiting = 10_000;

export function workInHand(
  log: Log,
  { mostAtOnce = defaultMostAtOnce, mostWaiting = defaultMostWaiting } = {},
): WorkInHand {
  const waiting = new Map<string, () => Promise<unknown>>();
  const inHand = new Set<Promise<void>>();
  const run = async (name: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      const level = isUndecided(error) ? 'warn' : 'error';
      log[level]({ err: error }, `${name} is left to the reconciler`);
    }
  };
  const beginWaiting = () => {
    while (inHand.size < mostAtOnce) {
      const [next] = waiting;
      if (!next) return;
      waiting.delete(next[0]);
      const running = run(...next).finally(() => {
        inHand.delete(running);
        beginWaiting();
      });
      inHand.add(running);
    }
  };
  return {
    begin(name, work) {
      if (waiting.size >= mostWaiting) return;
      waiting.set(name, work);
      beginWaiting();
    },
    start: () => undefined,
    async stop() {
      waiting.clear();
      await Promise.all(inHand);
    },
  };
}
