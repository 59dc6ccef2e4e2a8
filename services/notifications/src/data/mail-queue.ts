// The queue of mails: a document a mail, kept after it was sent so that a repeated event sends none again.
import { randomUUID } from 'node:crypto';
import { type Clock, collectionOf, currentTraceparent, isDuplicateKey } from '@ticketing/common';
import { type Connection, type Model, Schema } from 'mongoose';
import type { Mail } from '../domain/mails/compose-mail';

export interface QueuedMail {
  /** What it is about, and for whom: `ticket-bought:ORDER:USER`. */
  _id: string;
  userId: string;
  /** Where to, when not to the user's own address. */
  address?: string;
  /** Gone once it was sent. */
  mail?: Mail;
  state: 'waiting' | 'sent' | 'given-up';
  queuedAt: Date;
  /** When a waiting mail may be taken: while somebody has it in hand, the end of the lease. */
  dueAt?: Date;
  /** Whose the attempt in hand is: drawn anew for each, so that a late end of one touches no other's. */
  lease?: string;
  attempts: number;
  lastFailure?: string;
  /** When it was sent or given up, or was last asked for since. */
  settledAt?: Date;
  traceparent?: string;
}

/** A mail that nobody else takes until its lease ends. */
export interface LeasedMail extends Pick<QueuedMail, 'userId' | 'address' | 'queuedAt' | 'attempts' | 'traceparent'> {
  id: string;
  mail: Mail;
  lease: string;
  leaseEndsAt: Date;
}

export interface MailQueue {
  /** Notes a mail, due at once. @returns false when it was noted before */
  add(mail: Pick<QueuedMail, 'userId' | 'address'> & { id: string; mail: Mail }): Promise<boolean>;
  /** Ids of mails that may be taken, those that have waited longest first. */
  due(most: number): Promise<string[]>;
  /** Takes a mail in hand, for one attempt. @returns nothing when it is not due: in another's hand, or done with */
  take(id: string): Promise<LeasedMail | undefined>;
  /** Its content is forgotten. True whoever has the lease by now, so it is not asked for. */
  noteSent(mail: LeasedMail): Promise<void>;
  /** Does nothing when the lease is another's by now. */
  postpone(mail: LeasedMail, dueAt: Date, failure: string): Promise<void>;
  /** @returns false when the lease is another's by now, and nothing was done */
  giveUp(mail: LeasedMail, failure: string): Promise<boolean>;
  /** How many wait, and since when the oldest does. */
  waiting(): Promise<{ count: number; oldestQueuedAt?: Date }>;
}

/**
 * A mail that was taken longer ago was left by a crash. Longer than one can be in hand (auth is asked for the address
 * within 5 s, the binding answers within 9, the database is quick or nothing is sent), so that none is taken over while
 * it is being sent.
 */
export const leaseMs = 25_000;

const schema = new Schema<QueuedMail>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    address: String,
    mail: { subject: String, html: String },
    state: { type: String, enum: ['waiting', 'sent', 'given-up'], required: true },
    queuedAt: { type: Date, required: true },
    dueAt: Date,
    lease: String,
    attempts: { type: Number, required: true },
    lastFailure: String,
    settledAt: Date,
    traceparent: String,
  },
  { versionKey: false, collection: 'mails' },
);
// The sender's, over what waits and nothing else.
schema.index({ state: 1, dueAt: 1 }, { partialFilterExpression: { state: 'waiting' } });
schema.index({ state: 1, queuedAt: 1 }, { partialFilterExpression: { state: 'waiting' } });
/** The operator's. */
schema.index({ state: 1, settledAt: 1 }, { partialFilterExpression: { state: 'given-up' } });
/**
 * Longer than any event can come again: streams keep seven days, and payments watches a refund for 32 days, in which it
 * may be told again. What waits has no `settledAt`, and stays.
 */
schema.index({ settledAt: 1 }, { expireAfterSeconds: 40 * 24 * 3600 });

export const mailModel = (connection: Connection): Model<QueuedMail> => connection.model<QueuedMail>('Mail', schema);

export function mailQueueIn(model: Model<QueuedMail>, clock: Clock): MailQueue {
  const mails = collectionOf(model);
  const inHand = ({ id, lease }: LeasedMail) => ({ _id: id, state: 'waiting', lease }) as const;
  return {
    async add({ id, userId, address, mail }) {
      const now = clock.now();
      const traceparent = currentTraceparent();
      try {
        await mails.insertOne({
          _id: id,
          userId,
          ...(address === undefined ? {} : { address }),
          mail,
          state: 'waiting',
          queuedAt: now,
          dueAt: now,
          attempts: 0,
          ...(traceparent ? { traceparent } : {}),
        });
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // What is still asked for is not forgotten.
        await mails.updateOne({ _id: id, settledAt: { $exists: true } }, { $set: { settledAt: now } });
        return false;
      }
    },
    async due(most) {
      const found = await mails
        .find({ state: 'waiting', dueAt: { $lte: clock.now() } }, { projection: { _id: 1 } })
        .sort({ dueAt: 1 })
        .limit(most)
        .toArray();
      return found.map(({ _id }) => _id);
    },
    async take(id) {
      const now = clock.now();
      const lease = randomUUID();
      const leaseEndsAt = new Date(now.getTime() + leaseMs);
      const taken = await mails.findOneAndUpdate(
        { _id: id, state: 'waiting', dueAt: { $lte: now } },
        { $set: { dueAt: leaseEndsAt, lease }, $inc: { attempts: 1 } },
        { returnDocument: 'after' },
      );
      if (!taken?.mail) return undefined;
      const { _id, mail, ...rest } = taken;
      return { ...rest, id: _id, mail, lease, leaseEndsAt };
    },
    async noteSent({ id }) {
      await mails.updateOne(
        { _id: id, state: { $ne: 'sent' } },
        {
          $set: { state: 'sent', settledAt: clock.now() },
          $unset: { mail: 1, address: 1, dueAt: 1, lease: 1, lastFailure: 1, traceparent: 1 },
        },
      );
    },
    async postpone(mail, dueAt, failure) {
      await mails.updateOne(inHand(mail), { $set: { dueAt, lastFailure: failure }, $unset: { lease: 1 } });
    },
    async giveUp(mail, failure) {
      const { modifiedCount } = await mails.updateOne(inHand(mail), {
        $set: { state: 'given-up', settledAt: clock.now(), lastFailure: failure },
        $unset: { dueAt: 1, lease: 1 },
      });
      return modifiedCount > 0;
    },
    async waiting() {
      const count = await mails.countDocuments({ state: 'waiting' });
      if (count === 0) return { count };
      const [oldest] = await mails.find({ state: 'waiting' }).sort({ queuedAt: 1 }).limit(1).toArray();
      return oldest ? { count, oldestQueuedAt: oldest.queuedAt } : { count };
    },
  };
}
