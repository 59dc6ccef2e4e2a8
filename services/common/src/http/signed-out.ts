// Sessions that ended before they lapsed. auth writes them to the shared state store `sessions`, every service reads.
import type { StateStore } from '../dapr';
import type { Session } from './session-token';

/** Sessions of the user that were issued before the instant stored here are over (password change). */
const allBeforeKey = (userId: string) => `before-${userId}`;
const oneKey = (sessionId: string) => `out-${sessionId}`;

export interface SignedOutSessions {
  /** @throws when the state store does not answer: then nobody can be let in */
  has(session: Session): Promise<boolean>;
  add(session: Session, now: Date): Promise<void>;
  addAllBefore(userId: string, instant: Date, ttlSeconds: number): Promise<void>;
}

export function signedOutSessions(store: StateStore): SignedOutSessions {
  const read = coalesced(store);
  return {
    async has(session) {
      const found = await read([oneKey(session.sessionId), allBeforeKey(session.userId)]);
      const before = found.get(allBeforeKey(session.userId));
      return (
        found.has(oneKey(session.sessionId)) || (before !== undefined && session.issuedAt.getTime() < Number(before))
      );
    },
    async add(session, now) {
      const ttlSeconds = Math.ceil((session.expiresAt.getTime() - now.getTime()) / 1000);
      if (ttlSeconds > 0) await store.set(oneKey(session.sessionId), 1, { ttlSeconds });
    },
    async addAllBefore(userId, instant, ttlSeconds) {
      await store.set(allBeforeKey(userId), instant.getTime(), { ttlSeconds });
    },
  };
}

/**
 * Look-ups that are asked for while one is under way travel together in the next: one request to the sidecar then
 * serves many visitors, and none is answered from before they asked.
 */
function coalesced(store: StateStore): (keys: string[]) => Promise<Map<string, unknown>> {
  let waiting: { keys: Set<string>; answer: Promise<Map<string, unknown>> } | undefined;
  let underWay: Promise<unknown> = Promise.resolve();
  return (keys) => {
    if (!waiting) {
      const batch = new Set<string>();
      const answer = underWay.then(() => {
        waiting = undefined;
        return store.getMany<unknown>([...batch]);
      });
      waiting = { keys: batch, answer };
      underWay = answer.catch(() => undefined);
    }
    for (const key of keys) waiting.keys.add(key);
    return waiting.answer;
  };
}
