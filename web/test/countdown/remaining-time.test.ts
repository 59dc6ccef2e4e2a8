import { announcementBetween, formatRemaining, nextTickMs, urgencyOf } from '@/countdown/remaining-time';

test.each([
  [900_000, '15:00'],
  [599_999, '10:00'],
  [599_000, '9:59'],
  [1, '0:01'],
  [0, '0:00'],
  [-5_000, '0:00'],
])('%i ms are shown as %s', (ms, shown) => {
  expect(formatRemaining(ms)).toBe(shown);
});

test.each([
  [61_250, 250],
  [61_000, 1_000],
])('with %i ms left the figures change in %i ms', (ms, next) => {
  expect(nextTickMs(ms)).toBe(next);
});

test.each([
  [300_500, 299_900, '5 minutes left to pay.'],
  [60_200, 59_700, '1 minute left to pay.'],
  [400, -600, 'The time to pay is over.'],
  // A laptop slept through the five minutes.
  [700_000, 121_000, '2 minutes left to pay.'],
  [700_000, 20_000, 'Less than a minute left to pay.'],
  [700_000, -1, 'The time to pay is over.'],
])('from %i to %i ms it says "%s"', (before, now, sentence) => {
  expect(announcementBetween(before, now)).toBe(sentence);
});

test('between the marks it says nothing', () => {
  expect(announcementBetween(299_000, 298_000)).toBeUndefined();
  expect(announcementBetween(-1_000, -2_000)).toBeUndefined();
});

test('the last five minutes and the last one look different', () => {
  expect([300_001, 300_000, 60_000, 0].map(urgencyOf)).toEqual(['calm', 'soon', 'last', 'over']);
});
