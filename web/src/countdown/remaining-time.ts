const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/** `4:09`; a second that has begun counts, so that 0:00 is shown when the time is over and not before. */
export function formatRemaining(remainingMs: number): string {
  const seconds = Math.max(0, Math.ceil(remainingMs / secondMs));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** How long until what `formatRemaining` shows changes. */
export function nextTickMs(remainingMs: number): number {
  const rest = remainingMs % secondMs;
  return rest > 0 ? rest : secondMs;
}

const announcedAtMs = [5 * minuteMs, minuteMs, 0];

/** What is said aloud between one look at the clock and the next: at five minutes, at one, and at the end. */
export function announcementBetween(beforeMs: number, nowMs: number): string | undefined {
  if (!announcedAtMs.some((atMs) => beforeMs > atMs && nowMs <= atMs)) return undefined;
  if (nowMs <= 0) return 'The time to pay is over.';
  // After a sleep it may be less than what was crossed.
  const minutes = Math.round(nowMs / minuteMs);
  if (minutes < 1) return 'Less than a minute left to pay.';
  return minutes === 1 ? '1 minute left to pay.' : `${minutes} minutes left to pay.`;
}

export type Urgency = 'calm' | 'soon' | 'last' | 'over';

export function urgencyOf(remainingMs: number): Urgency {
  if (remainingMs <= 0) return 'over';
  if (remainingMs <= minuteMs) return 'last';
  return remainingMs <= 5 * minuteMs ? 'soon' : 'calm';
}
