import { type OutboxEntry, outboxPlugin } from '@ticketing/common';
import { type Connection, type Model, Schema } from 'mongoose';
import type { Ticket } from '../domain/ticket';

export interface TicketRecord extends Ticket {
  /** Neither held nor sold nor deleted, nor begun; what browsing reads. Written together with what it is made of. */
  forSale: boolean;
  /** What the search finds it by. */
  words: string[];
  /** When the event starts, or `never`: MongoDB would sort tickets without a date before all others. */
  startsAtOrNever?: Date;
  /** When the reconciler asks orders about the hold; absent without one. */
  holdCheckAt?: Date;
  outbox: OutboxEntry[];
}

/** Later than any event: the last moment of RFC 3339. */
export const never = new Date('9999-12-31T23:59:59.999Z');

const schema = new Schema<TicketRecord>(
  {
    _id: { type: String, required: true },
    title: { type: String, required: true },
    price: { type: Number, required: true },
    venue: { type: String, default: null },
    startsAt: { type: Date, default: null },
    startsAtOrNever: Date,
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
    admitted: { type: new Schema({ at: Date, key: String }, { _id: false }), default: undefined },
    refunded: { type: new Schema({ orderId: String, at: Date }, { _id: false }), default: undefined },
  },
  { versionKey: false, collection: 'tickets' },
);

// Browsing: by age (ids ascend with time), by price, by the event's date, and each of them within a search. Only what is
// for sale is in them: what was sold or deleted is kept for ever, and would cost memory and writes in each.
const browsing: Record<string, Record<string, 1 | -1>> = {
  for_sale_by_age: { forSale: 1, _id: -1 },
  for_sale_by_price: { forSale: 1, price: 1, _id: 1 },
  for_sale_by_date: { forSale: 1, startsAtOrNever: 1, _id: 1 },
  for_sale_by_words: { forSale: 1, words: 1, _id: -1 },
  for_sale_by_words_and_price: { forSale: 1, words: 1, price: 1, _id: 1 },
  for_sale_by_words_and_date: { forSale: 1, words: 1, startsAtOrNever: 1, _id: 1 },
};
for (const [name, keys] of Object.entries(browsing))
  schema.index(keys, { name, partialFilterExpression: { forSale: true } });
// A seller's own listings.
schema.index({ userId: 1, deleted: 1, _id: -1 });
// The reconciler's: held tickets only.
schema.index({ holdCheckAt: 1 }, { partialFilterExpression: { holdCheckAt: { $exists: true } } });
// The auditor's, who asks which tickets are kept for an order: only those that are.
schema.index({ orderId: 1 }, { name: 'kept_for_order', partialFilterExpression: { orderId: { $gt: '' } } });
schema.plugin(outboxPlugin);

export const ticketModel = (connection: Connection): Model<TicketRecord> =>
  connection.model<TicketRecord>('Ticket', schema);
