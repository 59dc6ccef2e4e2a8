export interface Attempts {
  attempt: () => Promise<void>;
  /** How long the server wants to be left alone from now, as its `Retry-After` said; 0 when it may be asked. */
  restMs: () => number;
}

const firstPauseMs = 3_000;
const longestPauseMs = 15_000;

/**
 * Calls `attempt` when the device is online again, though not before the server's rest is over.
 * @returns stops it
 */
export function whenOnline({ attempt, restMs }: Attempts): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isBack = () => {
    clearTimeout(timer);
    const waitMs = restMs();
    if (waitMs > 0) timer = setTimeout(isBack, waitMs);
    else void attempt();
  };
  window.addEventListener('online', isBack);
  return () => {
    clearTimeout(timer);
    window.removeEventListener('online', isBack);
  };
}

/**
 * Calls `attempt` as soon as the device is online again, and every now and then, as that news may come early or never:
 * first after three seconds, then more and more seldom, never before the server's rest is over.
 * @returns stops it
 */
export function keepTrying({ attempt, restMs }: Attempts): () => void {
  let stopped = false;
  let pauseMs = firstPauseMs;
  let timer = setTimeout(next, pauseMs);
  async function next(): Promise<void> {
    const waitMs = restMs();
    if (waitMs > 0) {
      timer = setTimeout(next, waitMs);
      return;
    }
    await attempt();
    if (stopped) return;
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
    timer = setTimeout(next, pauseMs);
  }
  const stopWaiting = whenOnline({ attempt, restMs });
  return () => {
    stopped = true;
    clearTimeout(timer);
    stopWaiting();
  };
}
