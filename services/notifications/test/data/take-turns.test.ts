import { takeTurns } from '../../src/data/take-turns';

const limits = { waitMs: 1_000, waiting: 3 };

/** Work that ends when the test says so. */
function heldWork() {
  let end: () => void = () => undefined;
  let begun = false;
  const work = () => {
    begun = true;
    return new Promise<void>((resolve) => {
      end = resolve;
    });
  };
  return { work, end: () => end(), begun: () => begun };
}

describe('taking turns', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('When several ask at once, then each is done after the one before, in the order of asking, also after a failure', async () => {
    const turns = takeTurns({ ...limits, waiting: 100 });
    const done: number[] = [];
    let atOnce = 0;
    let most = 0;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        turns(async () => {
          atOnce += 1;
          most = Math.max(most, atOnce);
          await Promise.resolve();
          atOnce -= 1;
          if (index === 3) throw new Error('lost');
          done.push(index);
        }),
      ),
    );
    expect(most).toBe(1);
    expect(done).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('When its turn does not come in time, then it is given up, and never begun later', async () => {
    const turns = takeTurns(limits);
    const first = heldWork();
    const firstDone = turns(first.work);
    const late = heldWork();
    const givenUp = expect(turns(late.work)).rejects.toThrow('longer than 1000 ms');
    await jest.advanceTimersByTimeAsync(1_000);
    await givenUp;

    first.end();
    await firstDone;
    let next = 0;
    await turns(async () => {
      next += 1;
    });
    expect([late.begun(), next]).toEqual([false, 1]);
  });

  test('When many wait, then more are turned away at once', async () => {
    const turns = takeTurns(limits);
    const first = heldWork();
    const firstDone = turns(first.work);
    let done = 0;
    const waiting = Array.from({ length: limits.waiting }, () =>
      turns(async () => {
        done += 1;
      }),
    );
    await expect(turns(async () => undefined)).rejects.toThrow('3 mails wait already');

    first.end();
    await Promise.all([firstDone, ...waiting]);
    expect(done).toBe(3);
    await turns(async () => undefined);
  });
});
