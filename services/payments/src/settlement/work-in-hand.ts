import type { BackgroundWork, Log } from '@ticketing/common';
import { isUndecided } from './undecided';

/** Work that goes on after its request was answered; the drain waits for it. */
export interface WorkInHand extends BackgroundWork {
  /** Never fails: what is not done stays stored as work to do, and the reconciler takes it up. */
  begin(name: string, work: () => Promise<unknown>): void;
}

export function workInHand(log: Log): WorkInHand {
  const inHand = new Set<Promise<void>>();
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
      const running = run(name, work).finally(() => inHand.delete(running));
      inHand.add(running);
    },
    start: () => undefined,
    async stop() {
      await Promise.all(inHand);
    },
  };
}
