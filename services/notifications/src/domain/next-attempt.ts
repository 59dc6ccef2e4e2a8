// When a mail that failed is tried again: as mail servers do among themselves (RFC 5321, 4.5.4.1: pauses that grow, for
// days), only sooner at first.

const mailsPause = { firstMs: 30_000, longestMs: 30 * 60_000 };
const serversPause = { firstMs: 1_000, longestMs: 30_000 };
export const givenUpAfterMs = 3 * 24 * 3600_000;

export interface Tried {
  queuedAt: Date;
  /** How often it was tried; 1 after the first time. */
  attempts: number;
}

/**
 * 30 s after the first attempt, then twice as long each time, half an hour at most, a quarter more or less.
 * @param chance from 0 up to 1, so that what failed together does not come back together
 * @returns nothing when it has been tried for three days
 */
export function nextAttemptAt({ queuedAt, attempts }: Tried, now: Date, chance: number): Date | undefined {
  if (now.getTime() - queuedAt.getTime() >= givenUpAfterMs) return undefined;
  return new Date(now.getTime() + pauseMs(mailsPause, attempts, chance));
}

/**
 * How long no mail is tried when the server has failed so many times in a row: it was restarted, or will not have so many at
 * once, or is away for long. 1 s, then twice as long each time, 30 s at most, a quarter more or less.
 */
export const serverPauseMs = (failures: number, chance: number): number => pauseMs(serversPause, failures, chance);

const pauseMs = ({ firstMs, longestMs }: typeof mailsPause, times: number, chance: number): number =>
  Math.min(firstMs * 2 ** (times - 1), longestMs) * (0.75 + chance * 0.5);
