// A changed password ends the sessions before it. The change and the wish to end them are one write; telling the state
// store comes after, and what a crash or an outage leaves undone is done by a repetition. Meanwhile an outage of that
// store lets nobody in anyway.
import { type BackgroundWork, type Log, repeat, type SignedOutSessions, sessionDays } from '@ticketing/common';
import type { UserRecord } from './user-model';
import type { Users } from './users';

export interface EndSessions extends BackgroundWork {
  /** Never fails: what could not be told now is told by `sweep`. */
  of(user: UserRecord): Promise<void>;
  /** Finishes what was left undone; returns for how many accounts. */
  sweep(): Promise<number>;
}

const ttlSeconds = sessionDays * 24 * 3_600;
const batchSize = 100;

export function createEndSessions({
  users,
  signedOut,
  log,
  everyMs = 5_000,
}: {
  users: Users;
  signedOut: SignedOutSessions;
  log: Log;
  everyMs?: number;
}): EndSessions {
  /** Repeats when the password was changed again meanwhile: the later end must be the one that stays in the store. */
  const end = async (id: string, before: Date | undefined): Promise<void> => {
    if (!before) return;
    await signedOut.addAllBefore(id, before, ttlSeconds);
    if (await users.noteSessionsEnded(id, before)) return;
    await end(id, (await users.find(id))?.sessionsEndedBefore);
  };
  const sweep = async () => {
    const left = await users.withSessionsEnding(batchSize);
    for (const user of left) await end(user._id, user.sessionsEndedBefore);
    return left.length;
  };
  return {
    async of(user) {
      try {
        await end(user._id, user.sessionsEndedBefore);
      } catch (error) {
        log.warn({ err: error, userId: user._id }, 'could not end the older sessions yet');
      }
    },
    sweep,
    ...repeat({ name: 'ending of sessions', everyMs, work: sweep, log }),
  };
}
