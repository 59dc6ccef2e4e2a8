import { type followStream, StreamError } from '@/live/event-stream';
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
    throw new StreamError('refused');
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
    throw new StreamError('refused');
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
    return new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(new StreamError('aborted'))),
    );
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

test('When it is stopped, then what is open is closed', async () => {
  const signals: AbortSignal[] = [];
  const follow: typeof followStream = (_path, _handlers, signal) => {
    signals.push(signal);
    return new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(new StreamError('aborted'))),
    );
  };
  const following = keepFollowing('/stream', { onConnected() {}, onEvent() {}, follow });
  following.stop();
  await jest.advanceTimersByTimeAsync(120_000);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

test('When a listener throws, then that is reported, and it connects again', async () => {
  const reported = jest.fn();
  Object.defineProperty(globalThis, 'reportError', { configurable: true, value: reported });
  const fault = new TypeError('a fault of ours');
  let attempts = 0;
  const follow: typeof followStream = async (_path, { onEvent }) => {
    attempts += 1;
    onEvent('listing', '{}');
  };
  const onEvent = () => {
    throw fault;
  };
  const following = keepFollowing('/stream', { onConnected() {}, onEvent, follow });
  await settle();
  expect(reported).toHaveBeenCalledWith(fault);
  following.wake();
  await settle();
  expect(attempts).toBe(2);
  following.stop();
  Reflect.deleteProperty(globalThis, 'reportError');
});
