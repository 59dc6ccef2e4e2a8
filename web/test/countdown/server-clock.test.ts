/** @jest-environment jsdom */
import { corrected, readingOnPage, sampleOf, serverNowMs } from '@/countdown/server-clock';

const noon = Date.UTC(2026, 10, 21, 12);

test('the time goes on with the steady clock, whatever the device says', () => {
  expect(serverNowMs({ serverMs: noon, steadyMs: 5_000 }, 65_000)).toBe(noon + 60_000);
});

test('a Date header is read as of the middle of the request, and as good as its whole seconds allow', () => {
  expect(sampleOf('Sat, 21 Nov 2026 12:00:00 GMT', 1_000, 1_400)).toEqual({
    serverMs: noon + 500,
    steadyMs: 1_200,
    toleranceMs: 700,
  });
});

test.each([null, '', 'soon'])('a Date header of %p tells nothing', (header) => {
  expect(sampleOf(header, 0, 1)).toBeUndefined();
});

test('a reading that the sample agrees with is kept, so that the seconds do not jump', () => {
  const reading = { serverMs: noon, steadyMs: 0 };
  expect(corrected(reading, { serverMs: noon + 60_400, steadyMs: 60_000, toleranceMs: 500 })).toBe(reading);
});

test('after a sleep, in which the steady clock stood still, the server is believed', () => {
  const woken = corrected(
    { serverMs: noon, steadyMs: 0 },
    { serverMs: noon + 600_000, steadyMs: 2_000, toleranceMs: 500 },
  );
  expect(serverNowMs(woken, 3_000)).toBe(noon + 601_000);
});

test('a page that is shown again, from before, has not stood still meanwhile', () => {
  readingOnPage(noon, 1_000);
  const shownAgain = readingOnPage(noon, 61_000);
  expect(shownAgain).toEqual({ serverMs: noon + 60_000, steadyMs: 61_000 });
  expect(readingOnPage(noon + 90_000, 91_000)).toEqual({ serverMs: noon + 90_000, steadyMs: 91_000 });
});

test('nor has one that is shown again after another page', () => {
  const renderedMs = noon + 600_000;
  readingOnPage(renderedMs, 0);
  readingOnPage(renderedMs + 60_000, 60_000);
  const shownAgain = readingOnPage(renderedMs, 180_000);
  expect(shownAgain).toEqual({ serverMs: renderedMs + 180_000, steadyMs: 180_000 });
});
