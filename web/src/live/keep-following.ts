import { followStream, StreamError, type StreamHandlers } from './event-stream';

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
  let stopped = false;
  let failures = 0;
  let wakeUp: (() => void) | undefined;
  let connection = new AbortController();

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
      await follow(path, { onOpen, onEvent }, connection.signal);
    } catch (error) {
      // Whatever broke it, the answer is the same: connect again, later each time. A fault of ours is not hushed up.
      failures += 1;
      if (!(error instanceof StreamError)) reportError(error);
    }
  };

  const run = async () => {
    while (!stopped) {
      connection = new AbortController();
      await attempt();
      if (stopped) return;
      onConnected(false);
      if (!connection.signal.aborted)
        await pause(Math.min(longestWaitMs, firstWaitMs * 2 ** failures) * (0.5 + random()));
    }
  };
  void run();

  return {
    wake: () => wakeUp?.(),
    renew() {
      connection.abort();
      wakeUp?.();
    },
    stop() {
      stopped = true;
      connection.abort();
      wakeUp?.();
    },
  };
}
