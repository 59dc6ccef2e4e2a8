import type { followStream } from '@/live/event-stream';
import { keepFollowing } from '@/live/keep-following';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const settle = () => jest.advanceTimersByTimeAsync(0);

test('Waits longer after each failure, and starts over once it was open', async () => {
  const attempts: number[] = [];
  let opens = false;
  const follow: typeof followStream = async (_path, { onOpen }) => {
    attempts.push(Date.now());
    if (opens) onOpen();
    throw new Error('refused');
  };
  const start = Date.now();
  const following = keepFollowing('/stream', { onConnected() {}, onEvent() {}, follow, random: () => 0.5 });
  await jest.advanceTimersByTimeAsync(7_500);
  expect(attempts.map((at) => at - start)).toEqual([0, 1_000, 3_000, 7_000]);
  opens = true;
  await jest.advanceTimersByTimeAsync(8_000);
  const count = attempts.length;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(attempts.length).toBe(count + 1);
  following.stop();
  await jest.advanceTimersByTimeAsync(120_000);
  expect(attempts.length).toBe(count + 1);
});

test('Never waits longer than 45 seconds', async () => {
  let attempts = 0;
  const follow = async () => {
    attempts += 1;
    throw new Error('refused');
  };
  const following = keepFollowing('/stream', { onConnected() {}, onEvent() {}, follow, random: () => 1 });
  await jest.advanceTimersByTimeAsync(600_000);
  const before = attempts;
  await jest.advanceTimersByTimeAsync(45_000);
  expect(attempts).toBe(before + 1);
  following.stop();
});

test('When the network has changed, then what is open is opened anew at once', async () => {
  const signals: AbortSignal[] = [];
  const follow: typeof followStream = (_path, { onOpen }, signal) => {
    signals.push(signal);
    onOpen();
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const told: boolean[] = [];
  const following = keepFollowing('/stream', { onConnected: (open) => told.push(open), onEvent() {}, follow });
  following.renew();
  await settle();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  expect(told).toEqual([true, false, true]);
  following.stop();
  await settle();
  expect(signals).toHaveLength(2);
});

test('Tells when it is open and when it is lost; waking it connects at once', async () => {
  const told: boolean[] = [];
  let end: () => void = () => {};
  const follow: typeof followStream = (_path, { onOpen }) => {
    onOpen();
    return new Promise((resolve) => {
      end = resolve;
    });
  };
  const following = keepFollowing('/stream', { onConnected: (open) => told.push(open), onEvent() {}, follow });
  expect(told).toEqual([true]);
  end();
  await settle();
  expect(told).toEqual([true, false]);
  following.wake();
  await settle();
  expect(told).toEqual([true, false, true]);
  following.stop();
  end();
});
