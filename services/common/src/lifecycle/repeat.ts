import type { Log } from '../observability';

/** Something that goes on beside the requests, from start to drain. */
export interface BackgroundWork {
  start(): void;
  /** Resolves when what was in hand is finished. */
  stop(): Promise<void>;
}

export interface Repetition {
  name: string;
  everyMs: number;
  /** Long rounds look at the signal between steps: a drain waits for the step in hand, not for the round. */
  work: (stopping: AbortSignal) => Promise<unknown>;
  log: Log;
  random?: () => number;
}

/** Does `work` again and again, never twice at once, with jitter so that replicas do not march in step. */
export function repeat({ name, everyMs, work, log, random = Math.random }: Repetition): BackgroundWork {
  let timer: NodeJS.Timeout | undefined;
  let inHand: Promise<void> = Promise.resolve();
  const stopping = new AbortController();
  const plan = () => {
    if (stopping.signal.aborted) return;
    timer = setTimeout(
      () => {
        inHand = round();
      },
      everyMs * (0.75 + random() * 0.5),
    );
  };
  const round = async () => {
    try {
      await work(stopping.signal);
    } catch (error) {
      log.warn({ err: error }, `${name} failed; it goes on with the next round`);
    }
    plan();
  };
  return {
    start: plan,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await inHand;
    },
  };
}
