/** @jest-environment jsdom */
import { keepTrying, whenOnline } from '@/payment/keep-trying';

const noRest = () => 0;
/** The server wants to be left alone for so long from now on. */
const restFor = (ms: number) => {
  const end = Date.now() + ms;
  return () => Math.max(0, end - Date.now());
};

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('It tries at once when the device is online, and more and more seldom without that news, until it is stopped', async () => {
  const start = Date.now();
  const tries: number[] = [];
  const stop = keepTrying({ attempt: async () => void tries.push(Date.now() - start), restMs: noRest });

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
  const stop = keepTrying({ attempt, restMs: noRest });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(attempt).toHaveBeenCalledTimes(1);
  end();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(attempt).toHaveBeenCalledTimes(2);
  stop();
});

test('It does not try before the server wants it, not even when the device is online again, and then goes on as ever', async () => {
  const start = Date.now();
  const tries: number[] = [];
  const stop = keepTrying({ attempt: async () => void tries.push(Date.now() - start), restMs: restFor(30_000) });
  await jest.advanceTimersByTimeAsync(29_999);
  expect(tries).toEqual([]);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(tries).toEqual([30_000, 34_500]);
  stop();
});

test('What waits for the device to be online waits for the end of the rest, too, once, unless it is stopped', async () => {
  const attempt = jest.fn(async () => {});
  const stop = whenOnline({ attempt, restMs: restFor(30_000) });
  window.dispatchEvent(new Event('online'));
  window.dispatchEvent(new Event('online'));
  await jest.advanceTimersByTimeAsync(29_999);
  expect(attempt).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  expect(attempt).toHaveBeenCalledTimes(1);
  stop();

  const stopAtOnce = whenOnline({ attempt, restMs: restFor(30_000) });
  window.dispatchEvent(new Event('online'));
  stopAtOnce();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(attempt).toHaveBeenCalledTimes(1);
});
