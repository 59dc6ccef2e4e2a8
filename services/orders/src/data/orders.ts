// The orders as stored. An order is inserted once, and from then on changed only by compare-and-set on its version.
import { collectionOf, events, isDuplicateKey, type OutboxEntry, outboxEntry } from '@ticketing/common';
import type { Model, mongo } from 'mongoose';
import type { Decision, Order, OrderEventName } from '../domain/order';
import { orderEventData } from '../order-view';
import type { OrderRecord } from './order-model';

export interface Orders {
  /** Insert only: false when an order with this id is there already, whatever it is. */
  insert(order: Order, options: { announced: boolean; tombstone?: boolean }, now: Date): Promise<OrderRecord | false>;
  find(id: string): Promise<OrderRecord | null>;
  findMany(ids: readonly string[]): Promise<OrderRecord[]>;
  /** Newest first, from the one after `after` on. */
  ofBuyer(userId: string, limit: number, after: OrderCursor | undefined): Promise<OrderRecord[]>;
  /**
   * Looks, decides, stores: again from the start when another change came between. Nothing for an unknown order.
   * @throws Error when the order would not stand still
   */
  change<Refusal extends string>(
    id: string,
    decide: (order: Order) => Decision<Refusal>,
    now: Date,
  ): Promise<Changed<Refusal> | undefined>;
  overdue(now: Date, limit: number): Promise<OrderRecord[]>;
  holdNotKnownSince(before: Date, limit: number): Promise<OrderRecord[]>;
  /** Without those that are not to be asked about before `now`. */
  capturingSince(before: Date, now: Date, limit: number): Promise<OrderRecord[]>;
  /** Nobody could say yet what became of the capture: asked again at `askAt`. */
  postponeCapture(id: string, askAt: Date): Promise<void>;
  /** Refunded orders of which nobody knows whether the ticket has heard that its e-ticket is void. */
  voidNotHeardSince(before: Date, limit: number): Promise<OrderRecord[]>;
  noteVoidTold(id: string, at: Date): Promise<void>;
  noteVoidHeard(id: string): Promise<void>;
}

/** The last order seen. Its id alone would not do: an id that comes from an Idempotency-Key does not ascend with time. */
export interface OrderCursor {
  createdAt: Date;
  id: string;
}

export type Changed<Refusal extends string> =
  | { kind: 'changed'; order: OrderRecord }
  | { kind: 'unchanged'; order: OrderRecord }
  | { kind: 'refused'; reason: Refusal; order: OrderRecord };

const attempts = 20;

type Filter = mongo.Filter<OrderRecord>;

export function ordersIn(model: Model<OrderRecord>): Orders {
  // The driver's collection: what is written is built here, not by a caller, and casting it again costs every purchase.
  const collection = collectionOf(model);
  const find = (id: string): Promise<OrderRecord | null> => collection.findOne({ _id: id });
  const oldest = (by: keyof OrderRecord, filter: Filter, limit: number): Promise<OrderRecord[]> =>
    collection
      .find(filter)
      .sort({ [by]: 1 })
      .limit(limit)
      .toArray();

  return {
    async insert(order, { announced, tombstone = false }, now) {
      const record: OrderRecord = {
        ...order,
        tombstone,
        outbox: announced ? [entryFor(order, 'OrderCreated', now)] : [],
      };
      try {
        await collection.insertOne(record);
        return record;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    find,

    findMany: (ids) => collection.find({ _id: { $in: [...ids] } }).toArray(),

    ofBuyer: (userId, limit, after) =>
      collection
        .find({ userId, tombstone: false, ...(after ? behind(after) : {}) })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit)
        .toArray(),

    async change(id, decide, now) {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const current = await find(id);
        if (!current) return undefined;
        const { outbox: _outbox, tombstone: _tombstone, ...order } = current;
        const decision = decide(order);
        if (decision.kind === 'refuse') return { kind: 'refused', reason: decision.reason, order: current };
        if (decision.kind === 'unchanged') return { kind: 'unchanged', order: current };
        const { _id, ...fields } = decision.order;
        const stored = await collection.findOneAndUpdate(
          { _id, version: current.version },
          {
            $set: { ...fields, ...(decision.event === 'OrderRefunded' ? { voidToldAt: now } : {}) },
            ...(decision.event ? { $push: { outbox: entryFor(decision.order, decision.event, now) } } : {}),
          },
          { returnDocument: 'after' },
        );
        if (stored) return { kind: 'changed', order: stored };
      }
      throw new Error(`order ${id} kept changing`);
    },

    overdue: (now, limit) => oldest('expiresAt', { status: 'AwaitingPayment', expiresAt: { $lte: now } }, limit),
    holdNotKnownSince: (before, limit) =>
      oldest('createdAt', { status: 'Created', createdAt: { $lte: before } }, limit),
    capturingSince: (before, now, limit) =>
      oldest(
        'captureBegunAt',
        { status: 'Capturing', captureBegunAt: { $lte: before }, captureAskAt: { $not: { $gt: now } } },
        limit,
      ),
    async postponeCapture(id, askAt) {
      await collection.updateOne({ _id: id, status: 'Capturing' }, { $set: { captureAskAt: askAt } });
    },
    voidNotHeardSince: (before, limit) => oldest('voidToldAt', { voidToldAt: { $lte: before } }, limit),
    async noteVoidTold(id, at) {
      await collection.updateOne({ _id: id, voidToldAt: { $exists: true } }, { $set: { voidToldAt: at } });
    },
    async noteVoidHeard(id) {
      await collection.updateOne({ _id: id }, { $unset: { voidToldAt: '' } });
    },
  };
}

/** The range keeps the index in play, `$or` settles orders of the same moment. */
const behind = ({ createdAt, id }: OrderCursor): Filter => ({
  createdAt: { $lte: createdAt },
  $or: [{ createdAt: { $lt: createdAt } }, { _id: { $lt: id } }],
});

const entryFor = (order: Order, name: OrderEventName, now: Date): OutboxEntry =>
  outboxEntry<unknown>(events[name], String(order.version), now, orderEventData(order));
