// The tickets as stored. Each change is one compare-and-set on the ticket's document, which carries its event with it.
import { collectionOf, outboxEntry, TicketCreated, TicketDeleted, TicketUpdated } from '@ticketing/common';
import type { Model, mongo } from 'mongoose';
import {
  type Admission,
  changedDetails,
  type HoldCommand,
  hasBegun,
  type Ticket,
  type TicketDetails,
  ticketWords,
} from '../domain/ticket';
import { browse, type Cursor, type ListingPage, type ListingQuery, listOwn } from './listing';
import { never, type TicketRecord } from './ticket-model';

export interface Tickets {
  insert(ticket: NewTicket): Promise<TicketRecord>;
  find(id: string): Promise<TicketRecord | null>;
  /** What is for sale now. */
  browse(query: ListingQuery, now: Date): Promise<ListingPage>;
  /** What a seller has listed, sold ones included, newest first. */
  listOwn(userId: string, limit: number, after?: Cursor): Promise<ListingPage>;
  /** Seller's change; nothing when the ticket is no longer at that version, or held. */
  edit(ticket: Ticket, change: TicketDetails, now: Date): Promise<TicketRecord | null>;
  remove(ticket: Ticket, now: Date): Promise<TicketRecord | null>;
  /** The compare-and-set that decides who gets the ticket; nothing when it is not to be had. */
  hold(id: string, command: HoldCommand, now: Date, checkAt: Date): Promise<TicketRecord | null>;
  /** For sale again, unless its event has begun; nothing when the ticket is not this order's. */
  release(id: string, orderId: string, now: Date): Promise<TicketRecord | null>;
  markSold(id: string, orderId: string, now: Date): Promise<TicketRecord | null>;
  /** The compare-and-set that lets an e-ticket in, once; nothing when it was let in before, or its order is void. */
  admit(id: string, orderId: string, admission: Admission): Promise<TicketRecord | null>;
  /** The order's e-ticket lets nobody in from now on; nothing when the ticket is not this order's, or it is so already. */
  markRefunded(id: string, orderId: string, at: Date): Promise<TicketRecord | null>;
  /**
   * Takes tickets of events that have begun off the listing, `limit` at most; resolves with each that was found, or
   * nothing in its place when somebody changed it meanwhile.
   */
  endSales(now: Date, limit: number): Promise<(TicketRecord | null)[]>;
  dueForCheck(now: Date, limit: number): Promise<TicketRecord[]>;
  /** Holds that turned out to be live: asked about again at `checkAt`. */
  postponeCheck(holds: readonly { ticketId: string; orderId: string }[], checkAt: Date): Promise<void>;
}

export interface NewTicket extends TicketDetails {
  id: string;
  userId: string;
  now: Date;
}

type Filter = mongo.Filter<TicketRecord>;
type Update = mongo.UpdateFilter<TicketRecord>;

export function ticketsIn(model: Model<TicketRecord>): Tickets {
  // The driver's collection: these run on every purchase, and what they write is built here, not by a caller.
  const collection = collectionOf(model);
  const change = (filter: Filter, update: Update): Promise<TicketRecord | null> =>
    collection.findOneAndUpdate(filter, { ...update, $inc: { version: 1 } }, { returnDocument: 'after' });
  const note = (filter: Filter, $set: mongo.MatchKeysAndValues<TicketRecord>): Promise<TicketRecord | null> =>
    collection.findOneAndUpdate(filter, { $set }, { returnDocument: 'after' });

  return {
    async insert({ id, userId, now, ...details }) {
      const record: TicketRecord = {
        _id: id,
        ...stored({ venue: null, startsAt: null, ...details }),
        userId,
        orderId: null,
        heldBy: null,
        heldAt: null,
        sold: false,
        deleted: false,
        forSale: true,
        version: 1,
        createdAt: now,
        outbox: [outboxEntry(TicketCreated, '1', now)],
      };
      await collection.insertOne(record);
      return record;
    },

    find: (id) => collection.findOne({ _id: id }),

    browse: (query, now) => browse(model, query, now),
    listOwn: (userId, limit, after) => listOwn(model, userId, limit, after),

    edit(ticket, wanted, now) {
      const details = changedDetails(ticket, wanted);
      return change(
        { _id: ticket._id, version: ticket.version, orderId: null, sold: false, deleted: false },
        {
          $set: { ...stored(details), forSale: !hasBegun(details, now) },
          $push: { outbox: outboxEntry(TicketUpdated, String(ticket.version + 1), now) },
        },
      );
    },

    remove: (ticket, now) =>
      change(
        { _id: ticket._id, version: ticket.version, orderId: null, sold: false, deleted: false },
        {
          $set: { deleted: true, forSale: false },
          $push: { outbox: outboxEntry(TicketDeleted, String(ticket.version + 1), now) },
        },
      ),

    hold: (id, { orderId, buyerId, price }, now, checkAt) =>
      change(
        {
          _id: id,
          deleted: false,
          sold: false,
          userId: { $ne: buyerId },
          // Its own hold is granted again at any time.
          $or: [{ orderId }, { orderId: null, ...notBegun(now) }],
          ...(price === undefined ? {} : { price }),
        },
        {
          $set: { orderId, heldBy: buyerId, heldAt: now, forSale: false, holdCheckAt: checkAt },
          $push: { outbox: outboxEntry(TicketUpdated, `held-${orderId}`, now) },
        },
      ),

    async release(id, orderId, now) {
      const freed = (begun: Filter, forSale: boolean) =>
        change(
          { _id: id, orderId, sold: false, ...begun },
          {
            $set: { orderId: null, heldBy: null, heldAt: null, forSale },
            $unset: { holdCheckAt: '' },
            $push: { outbox: outboxEntry(TicketUpdated, `released-${orderId}`, now) },
          },
        );
      // The date of a held ticket does not change: what the first does not find for its date, the second does.
      return (await freed(notBegun(now), true)) ?? (await freed({ startsAt: { $lte: now } }, false));
    },

    markSold: (id, orderId, now) =>
      change(
        { _id: id, orderId, sold: false },
        {
          $set: { sold: true, forSale: false },
          $unset: { holdCheckAt: '' },
          $push: { outbox: outboxEntry(TicketUpdated, `sold-${orderId}`, now) },
        },
      ),

    async endSales(now, limit) {
      const begun = { forSale: true, startsAtOrNever: { $lte: now } };
      const due = await collection.find(begun).sort({ startsAtOrNever: 1 }).limit(limit).toArray();
      return Promise.all(
        due.map(({ _id, version }) =>
          change(
            { _id, version, ...begun },
            {
              $set: { forSale: false },
              $push: { outbox: outboxEntry(TicketUpdated, String(version + 1), now) },
            },
          ),
        ),
      );
    },

    // Neither is seen by anybody but the door: the version that sellers and browsers know stays as it is.
    admit: (id, orderId, admitted) =>
      note({ _id: id, orderId, admitted: { $exists: false }, 'refunded.orderId': { $ne: orderId } }, { admitted }),

    markRefunded: (id, orderId, at) =>
      note({ _id: id, orderId, 'refunded.orderId': { $ne: orderId } }, { refunded: { orderId, at } }),

    dueForCheck: (now, limit) =>
      collection
        .find({ holdCheckAt: { $lte: now } })
        .sort({ holdCheckAt: 1 })
        .limit(limit)
        .toArray(),

    async postponeCheck(holds, checkAt) {
      if (holds.length === 0) return;
      await collection.updateMany(
        {
          _id: { $in: holds.map(({ ticketId }) => ticketId) },
          orderId: { $in: holds.map(({ orderId }) => orderId) },
          sold: false,
        },
        { $set: { holdCheckAt: checkAt } },
      );
    },
  };
}

/** As `hasBegun` in domain/, for a filter. */
const notBegun = (now: Date): Filter => ({ $or: [{ startsAt: null }, { startsAt: { $gt: now } }] });

/** The details, with what browsing finds and sorts them by. */
const stored = (details: Required<TicketDetails>) => ({
  ...details,
  words: ticketWords(details),
  startsAtOrNever: details.startsAt ?? never,
});
