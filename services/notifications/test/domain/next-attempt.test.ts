import { givenUpAfterMs, nextAttemptAt, serverPauseMs } from '../../src/domain/next-attempt';

const queuedAt = new Date('2026-11-21T10:00:00.000Z');
const pauseMs = (attempts: number, chance = 0.5) => {
  const now = new Date(queuedAt.getTime() + 3600_000);
  return (nextAttemptAt({ queuedAt, attempts }, now, chance)?.getTime() ?? Number.NaN) - now.getTime();
};

describe('when a mail that failed is tried again', () => {
  test('the pauses grow from half a minute to half an hour, however often it fails', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 5_000].map((attempts) => pauseMs(attempts) / 1_000)).toEqual([
      30, 60, 120, 240, 480, 960, 1_800, 1_800, 1_800,
    ]);
  });

  test('each is a quarter shorter or longer by chance', () => {
    expect([pauseMs(2, 0), pauseMs(2, 0.9)].map(Math.round)).toEqual([45_000, 72_000]);
  });

  test('it is tried for three days, and then no more', () => {
    const at = (ms: number) =>
      nextAttemptAt({ queuedAt, attempts: 150 }, new Date(queuedAt.getTime() + ms), 0.5) === undefined;
    expect(givenUpAfterMs).toBe(3 * 24 * 3600_000);
    expect([at(givenUpAfterMs - 1), at(givenUpAfterMs)]).toEqual([false, true]);
  });
});

test('a server that failed is left alone for a second, and for half a minute while it fails again and again', () => {
  expect([1, 2, 3, 4, 5, 6, 5_000].map((failures) => serverPauseMs(failures, 0.5) / 1_000)).toEqual([
    1, 2, 4, 8, 16, 30, 30,
  ]);
  expect([serverPauseMs(6, 0), serverPauseMs(6, 0.9)].map(Math.round)).toEqual([22_500, 36_000]);
});
