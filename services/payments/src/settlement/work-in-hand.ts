import type { BackgroundWork, Log } from '@ticketing/common';
import { isUndecided } from './undecided';

/** Work that goes on after its request was answered; the drain waits for what has begun. */
export interface WorkInHand extends BackgroundWork {
  /** As soon as there is room. Never fails: what is not done stays stored as work to do, for the reconciler. */
  begin(name: string, work: () => Promise<unknown>): void;
}

/** Stripe takes 100 requests a second, 25 in test mode: a thousand cancellations at once must not all ask at once. */
const defaultMostAtOnce = 16;

export function workInHand(log: Log, mostAtOnce = defaultMostAtOnce): WorkInHand {
  const waiting: (() => Promise<void>)[] = [];
  const inHand = new Set<Promise<void>>();
  const beginWaiting = () => {
    while (inHand.size < mostAtOnce) {
      const next = waiting.shift();
      if (!next) return;
      const running = next().finally(() => {
        inHand.delete(running);
        beginWaiting();
      });
      inHand.add(running);
    }
  };
  const run = async (name: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      const level = isUndecided(error) ? 'warn' : 'error';
      log[level]({ err: error }, `${name} is left to the reconciler`);
    }
  };
  return {
    begin(name, work) {
      waiting.push(() => run(name, work));
      beginWaiting();
    },
    start: () => undefined,
    async stop() {
      waiting.length = 0;
      await Promise.all(inHand);
    },
  };
}
