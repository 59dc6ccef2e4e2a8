import { momentIn } from '@/components/date-time';

test.each([
  ['2026-12-05T19:30:00.000Z', 'UTC', 'Sat, Dec 5, 2026', '7:30 pm UTC'],
  ['2026-12-05T00:05:00.000Z', 'America/New_York', 'Fri, Dec 4, 2026', '7:05 pm EST'],
  ['2026-12-05T12:00:00.000Z', 'UTC', 'Sat, Dec 5, 2026', '12:00 pm UTC'],
])('%s in %s is %s, %s', (at, zone, day, hour) => {
  expect(momentIn(zone, at)).toEqual({ day, hour });
});
