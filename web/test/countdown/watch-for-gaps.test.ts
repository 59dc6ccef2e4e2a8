/** @jest-environment jsdom */
import { watchForGaps } from '@/countdown/watch-for-gaps';

const look = jest.fn();
let stop = () => {};

beforeEach(() => {
  jest.useFakeTimers();
  look.mockReset();
  stop = watchForGaps(look);
});
afterEach(() => {
  stop();
  jest.useRealTimers();
});

test.each(['pageshow', 'focus', 'online'])('looks on %s', (event) => {
  window.dispatchEvent(new Event(event));
  expect(look).toHaveBeenCalledTimes(1);
});

test('looks when the page is shown again', () => {
  document.dispatchEvent(new Event('visibilitychange'));
  expect(look).toHaveBeenCalledTimes(1);
});

test('looks every minute, and not before', () => {
  jest.advanceTimersByTime(59_000);
  expect(look).not.toHaveBeenCalled();
  jest.advanceTimersByTime(2_000);
  expect(look).toHaveBeenCalledTimes(1);
});

test('looks when the machine has slept: the clocks disagree about how much time went by', () => {
  jest.advanceTimersByTime(3_000);
  jest.setSystemTime(Date.now() + 600_000);
  jest.advanceTimersByTime(1_000);
  expect(look).toHaveBeenCalledTimes(1);
});

test('stopped, it looks no more', () => {
  stop();
  window.dispatchEvent(new Event('focus'));
  jest.advanceTimersByTime(120_000);
  expect(look).not.toHaveBeenCalled();
});
