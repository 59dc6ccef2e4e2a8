const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** A length of time as people say it: `15 minutes`, `90 seconds`, `1 hour`. Rounded up. */
export function describeDuration(ms: number): string {
  if (ms >= hourMs && ms % hourMs === 0) return counted(ms / hourMs, 'hour');
  if (ms >= 2 * minuteMs || ms === minuteMs) return counted(Math.ceil(ms / minuteMs), 'minute');
  return counted(Math.ceil(ms / secondMs), 'second');
}

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;
