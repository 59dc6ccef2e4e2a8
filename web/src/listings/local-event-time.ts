// A seller types date and time as on the clock of the place where they are; the API takes an instant.

export interface LocalTime {
  /** `2027-05-08` */
  date: string;
  /** `20:00` */
  time: string;
}

/**
 * The instant at which clocks in `zone` (an IANA name) show this date and time; null when they never do, as the clocks
 * are put forward over it, or when it is no date. Of an hour that comes twice, the first.
 */
export function instantOf({ date, time }: LocalTime, zone: string): Date | null {
  const shown = Date.parse(`${date}T${time}Z`);
  if (!isDate(date) || Number.isNaN(shown)) return null;
  const offsets = [shown - dayMs, shown + dayMs].map((instant) => shownAt(instant, zone) - instant);
  const instants = offsets.map((offset) => shown - offset).filter((instant) => shownAt(instant, zone) === shown);
  return instants.length > 0 ? new Date(Math.min(...instants)) : null;
}

/** A day of the calendar, as a field of dates gives it, up to `latestDate`: browsers let people type longer years. */
export function isDate(date: string): boolean {
  const day = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00Z`) : Number.NaN;
  // JavaScript reads the 30th of February as the 2nd of March.
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(date);
}

export const latestDate = '9999-12-31';

/** What clocks in `zone` show at an instant (RFC 3339). */
export function localTimeOf(instant: string, zone: string): LocalTime {
  const shown = new Date(shownAt(Date.parse(instant), zone)).toISOString();
  return { date: shown.slice(0, 10), time: shown.slice(11, 16) };
}

const dayMs = 86_400_000;

/** The clock's date and time, as if it were UTC, to the second. */
function shownAt(instantMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instantMs);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}
