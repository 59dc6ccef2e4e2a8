const firstPauseMs = 3_000;
const longestPauseMs = 15_000;

/** @returns stops it */
export function whenOnline(attempt: () => Promise<void>): () => void {
  window.addEventListener('online', attempt);
  return () => window.removeEventListener('online', attempt);
}

/**
 * Calls `attempt` as soon as the device is online again, and every now and then, as that news may come early or never:
 * first after three seconds, then more and more seldom.
 * @returns stops it
 */
export function keepTrying(attempt: () => Promise<void>): () => void {
  let stopped = false;
  let pauseMs = firstPauseMs;
  let timer = setTimeout(next, pauseMs);
  async function next(): Promise<void> {
    await attempt();
    if (stopped) return;
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
    timer = setTimeout(next, pauseMs);
  }
  const stopWaiting = whenOnline(attempt);
  return () => {
    stopped = true;
    clearTimeout(timer);
    stopWaiting();
  };
}
