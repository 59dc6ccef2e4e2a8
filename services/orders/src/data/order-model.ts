import { cancelReasons, type OutboxEntry, orderStatuses, outboxPlugin } from '@ticketing/common';
import { type Connection, type Model, Schema } from 'mongoose';
import type { Order } from '../domain/order';

export interface OrderRecord extends Order {
  /** Written only to keep a late insert out (rule 5 of the protocol); never listed, never lapses. */
  tombstone: boolean;
  /** When payments is asked again about a capture that nobody could tell the end of; absent before. */
  captureAskAt?: Date;
  /** When the ticket was last told that its e-ticket is void, by event or call; absent before, and once it has heard it. */
  voidToldAt?: Date;
  outbox: OutboxEntry[];
}

const heldSchema = new Schema(
  { title: String, venue: String, startsAt: Date, price: Number, sellerId: String },
  { _id: false },
);

const schema = new Schema<OrderRecord>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    ticketId: { type: String, required: true },
    status: { type: String, enum: orderStatuses, required: true },
    held: { type: heldSchema, default: null },
    expiresAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    captureBegunAt: { type: Date, default: null },
    cancelReason: { type: String, enum: [...cancelReasons, null], default: null },
    refundedAt: Date,
    captureAskAt: Date,
    voidToldAt: Date,
    tombstone: { type: Boolean, default: false },
    version: { type: Number, required: true },
  },
  { versionKey: false, collection: 'orders' },
);

// A buyer's own orders, newest first.
schema.index({ userId: 1, tombstone: 1, createdAt: -1, _id: -1 });
// What the reconcilers look for: orders in a state that must end, by when it must.
schema.index({ expiresAt: 1 }, { name: 'awaiting_payment', partialFilterExpression: { status: 'AwaitingPayment' } });
schema.index({ createdAt: 1 }, { name: 'hold_not_known', partialFilterExpression: { status: 'Created' } });
schema.index({ captureBegunAt: 1 }, { name: 'capturing', partialFilterExpression: { status: 'Capturing' } });
schema.index({ voidToldAt: 1 }, { name: 'void_not_heard', partialFilterExpression: { voidToldAt: { $exists: true } } });
schema.plugin(outboxPlugin);

export const orderModel = (connection: Connection): Model<OrderRecord> =>
  connection.model<OrderRecord>('Order', schema);
