// Says in the terminal of `make run` when something has ended and when it is back: a service that dies is otherwise
// seen by nobody but those whose requests failed.
import { describeEnding } from '../processes/describe-ending';
import type { Ending } from '../processes/keep-running';
import { waitUntil } from './wait-until';

export interface Restarts {
  ended(name: string, ending: Ending, restartInMs: number): void;
  /** Ended in a way that only its absence tells. */
  died(name: string): void;
  /** Is being started again because its code has changed. */
  changed(name: string): void;
  /** To be told at every start; that of what has not ended before is no news. */
  running(name: string): void;
}

export interface TellingRestarts {
  say(line: string): void;
  /** Whether it does its work again; undefined when that cannot be asked, and a start has to do. */
  answers(name: string): (() => Promise<boolean>) | undefined;
  halt: AbortSignal;
}

const backWithinMs = 60_000;

export function tellRestarts({ say, answers, halt }: TellingRestarts): Restarts {
  const endedAt = new Map<string, number>();

  const tellWhenBack = async (name: string, since: number): Promise<void> => {
    const ask = answers(name);
    try {
      if (ask && !(await waitUntil(ask, backWithinMs, halt))) return;
    } catch (error) {
      if (halt.aborted) return;
      throw error;
    }
    // It may have ended again while it was asked.
    if (endedAt.get(name) !== since) return;
    endedAt.delete(name);
    say(`${name} is back, after ${((performance.now() - since) / 1_000).toFixed(1)} s.`);
  };

  return {
    ended(name, ending, restartInMs) {
      if (halt.aborted) return;
      endedAt.set(name, performance.now());
      say(`${name} ${describeEnding(ending)}, starting it again in ${restartInMs} ms.`);
    },
    died(name) {
      endedAt.set(name, performance.now());
      say(`${name} has died, starting it again.`);
    },
    changed(name) {
      endedAt.set(name, performance.now());
      say(`${name} has changed, starting it again.`);
    },
    running(name) {
      const since = endedAt.get(name);
      if (since === undefined || halt.aborted) return;
      void tellWhenBack(name, since);
    },
  };
}
