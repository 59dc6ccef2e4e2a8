import { repeat, silentLog } from '../../src';
import { waitUntil } from '../../src/testing';

const repetition = (work: () => Promise<unknown>, everyMs = 2) =>
  repeat({ name: 'test', everyMs, work, log: silentLog });

describe('repeating work', () => {
  test('When a round fails, then the next one comes all the same', async () => {
    let rounds = 0;
    const work = repetition(async () => {
      rounds += 1;
      if (rounds < 3) throw new Error('not yet');
    });
    work.start();
    await waitUntil(() => rounds >= 5, { what: 'five rounds' });
    await work.stop();
  });

  test('When a round takes long, then no other begins beside it', async () => {
    let atOnce = 0;
    let most = 0;
    let rounds = 0;
    const work = repetition(async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setTimeout(resolve, 10));
      atOnce -= 1;
      rounds += 1;
    }, 1);
    work.start();
    await waitUntil(() => rounds >= 3, { what: 'three rounds' });
    await work.stop();
    expect(most).toBe(1);
  });

  test('When it is stopped, then the round in hand is finished and none follows', async () => {
    jest.useFakeTimers();
    try {
      let finish: () => void = () => undefined;
      let rounds = 0;
      let stopped = false;
      const work = repetition(() => {
        rounds += 1;
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      });
      work.start();
      await jest.advanceTimersByTimeAsync(3);
      expect(rounds).toBe(1);
      const stopping = work.stop().then(() => {
        stopped = true;
      });
      await jest.advanceTimersByTimeAsync(100);
      expect(stopped).toBe(false);
      finish();
      await stopping;
      expect(jest.getTimerCount()).toBe(0);
      expect(rounds).toBe(1);
    } finally {
      jest.useRealTimers();
    }
  });

  test('When it is stopped before it was started, then no round comes, also when it is started later', async () => {
    jest.useFakeTimers();
    try {
      let rounds = 0;
      const work = repetition(async () => {
        rounds += 1;
      });
      await work.stop();
      work.start();
      await jest.advanceTimersByTimeAsync(100);
      expect([rounds, jest.getTimerCount()]).toEqual([0, 0]);
    } finally {
      jest.useRealTimers();
    }
  });

  test('rounds are 75 to 125 percent of the interval apart, so that replicas do not march in step', () => {
    jest.useFakeTimers();
    try {
      const set = jest.spyOn(globalThis, 'setTimeout');
      const delays = [0, 0.5, 0.999].map((drawn) => {
        repeat({
          name: 'test',
          everyMs: 1_000,
          work: async () => undefined,
          log: silentLog,
          random: () => drawn,
        }).start();
        return set.mock.calls.at(-1)?.[1];
      });
      expect(delays).toEqual([750, 1_000, 1_249.5]);
    } finally {
      jest.useRealTimers();
    }
  });
});
