/** @jest-environment jsdom */
import { keepTrying } from '@/payment/keep-trying';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('It tries at once when the device is online, and more and more seldom without that news, until it is stopped', async () => {
  const start = Date.now();
  const tries: number[] = [];
  const stop = keepTrying(async () => void tries.push(Date.now() - start));

  await jest.advanceTimersByTimeAsync(60_000);
  expect(tries).toEqual([3_000, 7_500, 14_250, 24_375, 39_375, 54_375]);
  window.dispatchEvent(new Event('online'));
  expect(tries.at(-1)).toBe(60_000);

  stop();
  window.dispatchEvent(new Event('online'));
  await jest.advanceTimersByTimeAsync(60_000);
  expect(tries).toHaveLength(7);
});

test('It does not try again before the last try has ended', async () => {
  let end = () => {};
  const attempt = jest.fn(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  const stop = keepTrying(attempt);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(attempt).toHaveBeenCalledTimes(1);
  end();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(attempt).toHaveBeenCalledTimes(2);
  stop();
});
