import type { Clock } from '../clock';

/** A clock that stands still until the test moves it. It never runs backwards. */
export interface VirtualClock extends Clock {
  /** Moves the clock; nothing else happens. `InProcessDapr.advance` also fires the reminders on the way. */
  advance(ms: number): void;
  set(instant: Date): void;
}

export function virtualClock(start = new Date('2026-11-21T10:00:00.000Z')): VirtualClock {
  let nowMs = start.getTime();
  const moveTo = (ms: number) => {
    if (!(ms >= nowMs)) throw new Error('a clock does not run backwards');
    nowMs = ms;
  };
  return {
    now: () => new Date(nowMs),
    advance: (ms) => moveTo(nowMs + ms),
    set: (instant) => moveTo(instant.getTime()),
  };
}
