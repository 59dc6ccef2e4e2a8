'use client';
import { useVisitorZone } from './use-visitor-zone';

interface Props {
  /** RFC 3339. */
  at: string;
  /** Without it, the day alone. */
  time?: boolean;
}

/**
 * A moment in words, its zone named. The server knows no zone of the visitor's and says UTC, as the browser does first,
 * so both render the same; then it becomes the visitor's own.
 */
export function DateTime({ at, time = true }: Props) {
  const zone = useVisitorZone();
  const { day, hour } = momentIn(zone, at);
  return (
    <time dateTime={at}>
      <span className="text-nowrap">{time ? `${day},` : day}</span>
      {time ? (
        <>
          {' '}
          <span className="text-nowrap">{hour}</span>
        </>
      ) : null}
    </time>
  );
}

interface Moment {
  /** `Sat, Dec 5, 2026` */
  day: string;
  /** `8:30 pm GMT+1` */
  hour: string;
}

/** Put together from parts: engines differ in the spaces and commas between them. */
export function momentIn(timeZone: string, at: string): Moment {
  const date = new Date(at);
  const parts = new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h12',
    timeZoneName: 'short',
    timeZone,
  }).formatToParts(date);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((found) => found.type === type)?.value ?? '';
  return {
    day: `${part('weekday')}, ${part('month')} ${part('day')}, ${part('year')}`,
    hour: `${part('hour')}:${part('minute')} ${part('dayPeriod').toLowerCase()} ${part('timeZoneName')}`,
  };
}
