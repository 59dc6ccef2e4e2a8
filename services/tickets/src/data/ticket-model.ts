import { type OutboxEntry, outboxPlugin } from '@ticketing/common';
import { type Connection, type Model, Schema } from 'mongoose';
import type { Ticket } from '../domain/ticket';

export interface TicketRecord extends Ticket {
  /** Neither held nor sold nor deleted; what browsing reads. Written together with those three, never alone. */
  forSale: boolean;
  /** What the search finds it by. */
  words: string[];
  /** When the reconciler asks orders about the hold; absent without one. */
  holdCheckAt?: Date;
  outbox: OutboxEntry[];
}

const schema = new Schema<TicketRecord>(
  {
    _id: { type: String, required: true },
    title: { type: String, required: true },
    price: { type: Number, required: true },
    userId: { type: String, required: true },
    orderId: { type: String, default: null },
    heldBy: { type: String, default: null },
    heldAt: { type: Date, default: null },
    sold: { type: Boolean, default: false },
    deleted: { type: Boolean, default: false },
    forSale: { type: Boolean, default: true },
    words: [String],
    holdCheckAt: Date,
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, collection: 'tickets' },
);

// Browsing: by age (ids ascend with time), by price, and either of them within a search.
schema.index({ forSale: 1, _id: -1 });
schema.index({ forSale: 1, price: 1, _id: 1 });
schema.index({ forSale: 1, words: 1, _id: -1 });
schema.index({ forSale: 1, words: 1, price: 1, _id: 1 });
// A seller's own listings.
schema.index({ userId: 1, deleted: 1, _id: -1 });
// The reconciler's: held tickets only.
schema.index({ holdCheckAt: 1 }, { partialFilterExpression: { holdCheckAt: { $exists: true } } });
schema.plugin(outboxPlugin);

export const ticketModel = (connection: Connection): Model<TicketRecord> =>
  connection.model<TicketRecord>('Ticket', schema);
