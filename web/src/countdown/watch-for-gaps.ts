/** The device's clock is looked at only for this: that it and the steady clock disagree about how much time went by. */
const gapMs = 2_000;
const lookEveryMs = 1_000;
const atLeastEveryMs = 60_000;

/**
 * Calls `look` whenever what the page knows may be stale: it is shown again, comes back from the history, is focused or
 * online again, the machine has slept, and in any case every minute while it is visible.
 * @returns stops it
 */
export function watchForGaps(look: () => void): () => void {
  let lookedAtMs = performance.now();
  let apartMs = Date.now() - performance.now();
  const lookNow = () => {
    lookedAtMs = performance.now();
    look();
  };
  const lookWhenVisible = () => {
    if (document.visibilityState === 'visible') lookNow();
  };
  const timer = setInterval(() => {
    const beforeMs = apartMs;
    apartMs = Date.now() - performance.now();
    const hasSlept = Math.abs(apartMs - beforeMs) > gapMs;
    if (hasSlept || performance.now() - lookedAtMs >= atLeastEveryMs) lookWhenVisible();
  }, lookEveryMs);
  document.addEventListener('visibilitychange', lookWhenVisible);
  const events = ['pageshow', 'focus', 'online'] as const;
  for (const event of events) window.addEventListener(event, lookNow);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', lookWhenVisible);
    for (const event of events) window.removeEventListener(event, lookNow);
  };
}
