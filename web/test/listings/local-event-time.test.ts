import fc from 'fast-check';
import { instantOf, isDate, latestDate, localTimeOf } from '../../src/listings/local-event-time';

const zone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Chatham',
  'Pacific/Apia',
);

describe('the local time of an event', () => {
  test.each([
    ['Europe/Berlin', '2027-07-01', '20:00', '2027-07-01T18:00:00.000Z'],
    ['Europe/Berlin', '2027-01-01', '20:00', '2027-01-01T19:00:00.000Z'],
    ['America/New_York', '2027-07-04', '21:30', '2027-07-05T01:30:00.000Z'],
    ['Asia/Kolkata', '2027-07-04', '00:15', '2027-07-03T18:45:00.000Z'],
  ])('in %s %s %s is %s', (zone, date, time, instant) =>
    expect(instantOf({ date, time }, zone)?.toISOString()).toBe(instant),
  );

  test('an hour that clocks skip does not exist', () =>
    expect(instantOf({ date: '2027-03-28', time: '02:30' }, 'Europe/Berlin')).toBeNull());

  test('of an hour that comes twice the first is meant', () =>
    expect(instantOf({ date: '2027-10-31', time: '02:30' }, 'Europe/Berlin')?.toISOString()).toBe(
      '2027-10-31T00:30:00.000Z',
    ));

  test.each(['2027-02-30', '2027-13-01', '202720-05-08', '+20272-05-08', 'soon', ''])('%j is no date', (date) =>
    expect([isDate(date), instantOf({ date, time: '20:00' }, 'UTC')]).toEqual([false, null]),
  );

  test('the last date that can be chosen is one', () => expect(isDate(latestDate)).toBe(true));

  test('what is shown of any instant leads back to what is shown', () => {
    const minutes = fc.integer({ min: Date.UTC(2020, 0) / 60_000, max: Date.UTC(2090, 0) / 60_000 });
    fc.assert(
      fc.property(minutes, zone, (minute, zone) => {
        const shown = localTimeOf(new Date(minute * 60_000).toISOString(), zone);
        const instant = instantOf(shown, zone);
        expect(instant && localTimeOf(instant.toISOString(), zone)).toEqual(shown);
      }),
      { numRuns: 300 },
    );
  });
});
