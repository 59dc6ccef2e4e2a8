// For effects that cannot be repeated freely (a mail): remembers which events were taken care of.
import { type Connection, Schema } from 'mongoose';
import type { Clock } from '../clock';
import { isDuplicateKey } from './connect-mongo';

interface InboxEntry {
  _id: string;
  state: 'pending' | 'done';
  at: Date;
}

const inboxSchema = new Schema<InboxEntry>(
  { _id: String, state: String, at: Date },
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
      if (!(await begin(key))) return;
      try {
        await effect();
      } catch (error) {
        await model.deleteOne({ _id: key, state: 'pending' });
        throw error;
      }
      await model.updateOne({ _id: key }, { state: 'done' });
    },
  };

  async function begin(key: string): Promise<boolean> {
    const now = clock.now();
    try {
      await model.collection.insertOne({ _id: key, state: 'pending', at: now } as never);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const lapsed = new Date(now.getTime() - takenOverAfterMs);
    const takenOver = await model.findOneAndUpdate({ _id: key, state: 'pending', at: { $lt: lapsed } }, { at: now });
    if (takenOver) return true;
    const entry = await model.findById(key).lean();
    if (entry?.state === 'done') return false;
    throw new Error(`${key} is in another's hand`);
  }
}
