import { followStream, type StreamHandlers } from './event-stream';

export interface Following {
  /** Reconnects at once if it waits to. */
  wake(): void;
  /** The network has changed: what was open may be dead and not know it, so it is opened anew at once. */
  renew(): void;
  stop(): void;
}

interface Options {
  /** The stream is open (`true`) or lost and being tried again (`false`). */
  onConnected(connected: boolean): void;
  onEvent: StreamHandlers['onEvent'];
  follow?: typeof followStream;
  random?: () => number;
}

const firstWaitMs = 500;
const longestWaitMs = 30_000;

/** Keeps a stream open for ever: reconnects when it ends, waiting longer each time it fails, never all visitors at once. */
export function keepFollowing(
  path: string,
  { onConnected, onEvent, follow = followStream, random = Math.random }: Options,
): Following {
  const stopped = new AbortController();
  let failures = 0;
  let wakeUp: (() => void) | undefined;
  let renewed = new AbortController();

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const attempt = async () => {
    try {
      const onOpen = () => {
        failures = 0;
        onConnected(true);
      };
      await follow(path, { onOpen, onEvent }, AbortSignal.any([stopped.signal, renewed.signal]));
    } catch {
      // Whatever broke it, the answer is the same: connect again, later each time.
      failures += 1;
    }
  };

  const run = async () => {
    while (!stopped.signal.aborted) {
      renewed = new AbortController();
      await attempt();
      if (stopped.signal.aborted) return;
      onConnected(false);
      if (!renewed.signal.aborted) await pause(Math.min(longestWaitMs, firstWaitMs * 2 ** failures) * (0.5 + random()));
    }
  };
  void run();

  return {
    wake: () => wakeUp?.(),
    renew() {
      renewed.abort();
      wakeUp?.();
    },
    stop() {
      stopped.abort();
      wakeUp?.();
    },
  };
}
