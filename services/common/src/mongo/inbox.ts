// For effects that cannot be repeated freely (a mail): remembers which events were taken care of.
import { randomUUID } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';
import type { Clock } from '../clock';
import { collectionOf } from './collection-of';
import { isDuplicateKey } from './connect-mongo';

interface InboxEntry {
  _id: string;
  state: 'pending' | 'done';
  at: Date;
  /** Whose it is: drawn anew each time it is begun, so that a late end of one try touches no other's. */
  holder: string;
}

const inboxSchema = new Schema<InboxEntry>(
  { _id: String, state: String, at: Date, holder: String },
  { versionKey: false, collection: 'inbox' },
);
/**
 * Since it was last asked for. Longer than any event can come again: streams keep seven days, and payments watches a
 * refund for 32 days, in which it may be told again.
 */
inboxSchema.index({ at: 1 }, { expireAfterSeconds: 40 * 24 * 3600 });

export interface Inbox {
  /**
   * Does `effect` once for `key`. A crash between effect and note may repeat it, never lose it. A database lost in
   * between neither repeats it nor blocks it: who asks again in this process goes on where it was left.
   * @throws what `effect` throws, or Error while another replica has it in hand: ask again later
   */
  once(key: string, effect: () => Promise<void>): Promise<void>;
}

/** What tries of this process left in the database, which did not answer when they were to end. */
interface LeftBehind {
  /** Whose entry may be there: it is nobody's any more. */
  holders: readonly string[];
  /** The effect is done, only the note is missing. */
  done: boolean;
}

/** More than fail during an outage of minutes; what is forgotten beyond it is taken over as after a crash. */
const mostLeftBehind = 10_000;

/** @param takenOverAfterMs a pending entry older than this was left by a crash */
export function createInbox(connection: Connection, clock: Clock, takenOverAfterMs = 60_000): Inbox {
  const model = connection.model<InboxEntry>('Inbox', inboxSchema);
  const leftBehind = new Map<string, LeftBehind>();
  return {
    async once(key, effect) {
      const left = leftBehind.get(key);
      const holder = randomUUID();
      if (left?.done) return note(key, holder);
      if (!(await begin(key, holder, left?.holders ?? []))) return;
      try {
        await effect();
      } catch (error) {
        await free(key, holder);
        throw error;
      }
      await note(key, holder);
    },
  };

  function remember(key: string, left: LeftBehind): void {
    leftBehind.set(key, left);
    const [oldest] = leftBehind.keys();
    if (leftBehind.size > mostLeftBehind && oldest !== undefined) leftBehind.delete(oldest);
  }

  /** Never throws: the caller is to hear why the effect failed, and the next try here takes the entry over. */
  async function free(key: string, holder: string): Promise<void> {
    await model.deleteOne({ _id: key, state: 'pending', holder }).then(
      () => undefined,
      () => remember(key, { holders: [holder], done: false }),
    );
  }

  /** Whoever has it in hand by now, and even if nobody has: it is done. */
  async function note(key: string, holder: string): Promise<void> {
    try {
      await noteDone(key, holder);
    } catch (error) {
      remember(key, { holders: [], done: true });
      throw error;
    }
    leftBehind.delete(key);
  }

  async function noteDone(key: string, holder: string): Promise<void> {
    const done = { state: 'done', at: clock.now(), holder } as const;
    try {
      await model.updateOne({ _id: key }, done, { upsert: true });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // Begun by another between this update's look and its insert: now it is there to be updated.
      await model.updateOne({ _id: key }, done);
    }
  }

  /** @param left whose entry is there for the taking */
  async function begin(key: string, holder: string, left: readonly string[]): Promise<boolean> {
    try {
      const begun = (await insert(key, holder)) || (await takeOver(key, holder, left));
      if (!begun && !(await isDone(key))) throw new InOtherHands(key);
      leftBehind.delete(key);
      return begun;
    } catch (error) {
      // What was not answered may have been done.
      if (!(error instanceof InOtherHands)) remember(key, { holders: [...left, holder], done: false });
      throw error;
    }
  }

  /** Noted anew: what is still asked for is not forgotten. */
  async function isDone(key: string): Promise<boolean> {
    const { matchedCount } = await model.updateOne({ _id: key, state: 'done' }, { at: clock.now() });
    return matchedCount > 0;
  }

  async function insert(key: string, holder: string): Promise<boolean> {
    try {
      await collectionOf(model).insertOne({ _id: key, state: 'pending', at: clock.now(), holder });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async function takeOver(key: string, holder: string, left: readonly string[]): Promise<boolean> {
    const now = clock.now();
    const lapsed = new Date(now.getTime() - takenOverAfterMs);
    const entry = await model.findOneAndUpdate(
      { _id: key, state: 'pending', $or: [{ at: { $lt: lapsed } }, { holder: { $in: left } }] },
      { at: now, holder },
    );
    return entry !== null;
  }
}

class InOtherHands extends Error {
  constructor(key: string) {
    super(`${key} is in another's hand`);
  }
}
