// For effects that cannot be repeated freely (a mail): remembers which events were taken care of.
import { randomUUID } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';
import type { Clock } from '../clock';
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
/** Longer than any event can be redelivered: streams keep seven days. */
inboxSchema.index({ at: 1 }, { expireAfterSeconds: 14 * 24 * 3600 });

export interface Inbox {
  /**
   * Does `effect` once for `key`. A crash between effect and note may repeat it, never lose it.
   * @throws what `effect` throws, or Error while another replica has it in hand: ask again later
   */
  once(key: string, effect: () => Promise<void>): Promise<void>;
}

/** @param takenOverAfterMs a pending entry older than this was left by a crash */
export function createInbox(connection: Connection, clock: Clock, takenOverAfterMs = 60_000): Inbox {
  const model = connection.model<InboxEntry>('Inbox', inboxSchema);
  return {
    async once(key, effect) {
      const holder = randomUUID();
      if (!(await begin(key, holder))) return;
      try {
        await effect();
      } catch (error) {
        await model.deleteOne({ _id: key, state: 'pending', holder });
        throw error;
      }
      await note(key, holder);
    },
  };

  /** Whoever has it in hand by now, and even if nobody has: it is done. */
  async function note(key: string, holder: string): Promise<void> {
    const done = { state: 'done', at: clock.now(), holder } as const;
    try {
      await model.updateOne({ _id: key }, done, { upsert: true });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // Begun by another between this update's look and its insert: now it is there to be updated.
      await model.updateOne({ _id: key }, done);
    }
  }

  async function begin(key: string, holder: string): Promise<boolean> {
    const now = clock.now();
    try {
      await model.collection.insertOne({ _id: key, state: 'pending', at: now, holder } as never);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const lapsed = new Date(now.getTime() - takenOverAfterMs);
    const takenOver = await model.findOneAndUpdate(
      { _id: key, state: 'pending', at: { $lt: lapsed } },
      { at: now, holder },
    );
    if (takenOver) return true;
    const entry = await model.findById(key).lean();
    if (entry?.state === 'done') return false;
    throw new Error(`${key} is in another's hand`);
  }
}
