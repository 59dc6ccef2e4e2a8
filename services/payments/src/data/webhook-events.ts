// What Stripe has told us, each event once, kept as work to do until it is done: a crash after our 200 loses nothing.
import { type Clock, collectionOf, isDuplicateKey } from '@ticketing/common';
import { type Connection, type Model, Schema } from 'mongoose';
import { claimDue, type Due, usualWaitMs } from './claim-due';

export interface WebhookEvent {
  /** Stripe's id of the event. */
  id: string;
  type: string;
  orderId: string;
}

export interface WebhookEvents {
  /** False when Stripe has told us before. */
  add(event: WebhookEvent): Promise<boolean>;
  done(id: string): Promise<void>;
  /** Takes what a crash or an outage left undone, of what was due by then. */
  claimDue(limit: number, dueBy: Date): Promise<WebhookEvent[]>;
}

export interface WebhookEventRecord extends Due {
  type: string;
  orderId: string;
  receivedAt: Date;
}

const schema = new Schema<WebhookEventRecord>(
  {
    _id: { type: String, required: true },
    type: { type: String, required: true },
    orderId: { type: String, required: true },
    receivedAt: { type: Date, required: true },
    dueAt: Date,
    visits: { type: Number, default: 0 },
  },
  { versionKey: false, collection: 'webhook_events' },
);
schema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });
/** Stripe repeats an event for three days, and lets people send one again for thirty. */
schema.index({ receivedAt: 1 }, { expireAfterSeconds: 35 * 24 * 3600 });

export const webhookEventModel = (connection: Connection): Model<WebhookEventRecord> =>
  connection.model<WebhookEventRecord>('WebhookEvent', schema);

/** @param retryAfterMs how long an event is left to the process that received it */
export function webhookEventsIn(model: Model<WebhookEventRecord>, clock: Clock, retryAfterMs: number): WebhookEvents {
  const collection = collectionOf(model);
  return {
    async add({ id, type, orderId }) {
      const now = clock.now();
      const record: WebhookEventRecord = {
        _id: id,
        type,
        orderId,
        receivedAt: now,
        dueAt: new Date(now.getTime() + retryAfterMs),
        visits: 0,
      };
      try {
        await collection.insertOne(record);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    async done(id) {
      await collection.updateOne({ _id: id }, { $unset: { dueAt: '' } });
    },
    async claimDue(limit, dueBy) {
      const waitMs = (event: WebhookEventRecord) => usualWaitMs(event, retryAfterMs);
      const due = await claimDue(collection, { clock, limit, dueBy, at: 'dueAt', count: 'visits', waitMs });
      return due.map(({ _id, type, orderId }) => ({ id: _id, type, orderId }));
    },
  };
}
