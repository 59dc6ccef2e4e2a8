// The payments as stored. Each change is one write, conditional on the version that was read, with its events and its
// movements of money in it.
import { type Clock, collectionOf, events, isDuplicateKey, type OutboxEntry, outboxEntry } from '@ticketing/common';
import type { Model, mongo } from 'mongoose';
import { type LedgerEntry, movementsBetween } from '../domain/ledger';
import { type Change, isFinished, type Payment, type PaymentEvent } from '../domain/payment';
import { refundTold } from '../domain/refund-payment';
import { claimDue, usualWaitMs } from './claim-due';
import type { PaymentRecord } from './payment-model';

export interface Payments {
  find(orderId: string): Promise<Payment | null>;
  /** By its own id, which is the order's, or by the id of one of its charges. */
  findByEither(id: string): Promise<Payment | null>;
  /** By the PaymentIntent that it has now; nothing for one of another shop of the same account. */
  findByIntent(intentId: string): Promise<Payment | null>;
  /** Nothing when the order has a payment already. */
  insert(change: Change): Promise<Payment | null>;
  /** Nothing when the payment is no longer as it was read: then it is to be read and decided again. */
  save(read: Payment, change: Change): Promise<Payment | null>;
  /** Takes unfinished payments that were due by then, each for one replica, and plans the next visit to them. */
  claimDue(limit: number, dueBy: Date): Promise<DuePayment[]>;
  /** Plans no further visit, unless the payment is no longer as it was read: then it is none of ours any more. */
  visitNoMore(read: Payment): Promise<void>;
  /** Those whose money is to be given back and is not yet, the longest known first. */
  findRefunding(): Promise<Payment[]>;
  countRefunding(): Promise<number>;
}

/** What has been told of money that was given back, and what of it was heard. */
export interface RefundNews {
  /**
   * Takes those that were given back and told so, with nobody knowing whether the order has heard it, each for one
   * replica; the next look is planned twice as long after, up to a day.
   */
  claimRefundNotHeard(limit: number): Promise<Payment[]>;
  noteRefundHeard(orderId: string): Promise<void>;
  /** Tells it once more, as an event of its own: a broker takes a repeat for a duplicate. */
  tellRefundAgain(read: Payment): Promise<void>;
}

/** With how often it was visited without moving, and what its ledger says. */
export type DuePayment = Payment & Pick<PaymentRecord, 'visits' | 'ledger'>;

export interface PaymentsOptions {
  model: Model<PaymentRecord>;
  announce: (record: PaymentRecord) => void;
  clock: Clock;
  /** How long a payment is left to requests, events and webhooks before the reconciler looks after it. */
  reconcileAfterMs: number;
}

export function paymentsIn({ model, announce, clock, reconcileAfterMs }: PaymentsOptions): Payments & RefundNews {
  // The driver's collection: what is written is built here, not by a caller.
  const collection = collectionOf(model);
  const dueAt = ({ state, refundFailures }: Payment) => {
    const waitMs = state === 'refunded' ? dayMs : Math.min(dayMs, reconcileAfterMs * 2 ** refundFailures);
    return new Date(clock.now().getTime() + waitMs);
  };
  const findOne = async (by: mongo.Filter<PaymentRecord>) => asRead(await collection.findOne(by));
  const entriesOf = ({ payment, events: told }: Change) => told.map((event) => entryOf(payment, event, clock.now()));

  const ledgerOf = (read: Payment | null, { payment }: Change): LedgerEntry[] =>
    movementsBetween(read, payment).map((movement) => ({ ...movement, at: clock.now() }));

  return {
    find: (orderId) => findOne({ _id: orderId }),

    findByEither: async (id) => (await findOne({ _id: id })) ?? findOne({ 'charges.id': id }),

    findByIntent: (intentId) => findOne({ intentId }),

    async insert(change) {
      const { payment } = change;
      const record: PaymentRecord = {
        ...payment,
        ...(isFinished(payment) ? {} : { dueAt: dueAt(payment) }),
        visits: 0,
        ledger: ledgerOf(null, change),
        outbox: entriesOf(change),
      };
      try {
        await collection.insertOne(record);
      } catch (error) {
        if (isDuplicateKey(error)) return null;
        throw error;
      }
      announce(record);
      return record;
    },

    async save(read, change) {
      const { _id, ...fields } = fieldsOf(change.payment);
      const finished = isFinished(change.payment);
      // What stands where it stood keeps the visit that is planned: looking at it comes later and later.
      const moved = fields.state !== read.state || fields.refundFailures !== read.refundFailures;
      const saved = await collection.findOneAndUpdate(
        { _id, version: read.version },
        {
          $set: {
            ...fields,
            ...(moved && !finished ? { visits: 0, dueAt: dueAt(change.payment) } : {}),
            ...(change.events.some(({ name }) => name === 'ChargeRefunded')
              ? { refundTellings: 0, refundTellAt: new Date(clock.now().getTime() + tellRefundAgainAfterMs) }
              : {}),
          },
          ...unset({ dueAt: finished, refundTellAt: read.state === 'refunded' && fields.state !== 'refunded' }),
          ...append({ outbox: entriesOf(change), ledger: ledgerOf(read, change) }),
        },
        { returnDocument: 'after' },
      );
      if (saved && change.events.length > 0) announce(saved);
      return saved;
    },

    findRefunding: () => collection.find({ state: 'refunding' }).sort({ openedAt: 1 }).toArray(),

    countRefunding: () => collection.countDocuments({ state: 'refunding' }),

    claimDue: (limit, dueBy) =>
      claimDue(collection, {
        ...{ clock, limit, dueBy, at: 'dueAt', count: 'visits' },
        waitMs: (record) => waitMs(record, reconcileAfterMs),
      }),

    claimRefundNotHeard: (limit) =>
      claimDue(collection, {
        ...{ clock, limit, dueBy: clock.now(), at: 'refundTellAt', count: 'refundTellings' },
        waitMs: ({ refundTellings = 0 }) => Math.min(dayMs, tellRefundAgainAfterMs * 2 ** (refundTellings + 1)),
      }),

    async noteRefundHeard(orderId) {
      await collection.updateOne({ _id: orderId }, { $unset: { refundTellAt: '' } });
    },

    async tellRefundAgain(read) {
      const now = clock.now();
      const told = refundTold(read).map(({ name, data }) =>
        outboxEntry<unknown>(events[name], `${read.version}-${data.id}-told-${now.getTime()}`, now, data),
      );
      const saved = await collection.findOneAndUpdate(
        { _id: read._id, version: read.version },
        append({ outbox: told }),
        { returnDocument: 'after' },
      );
      if (saved) announce(saved);
    },

    async visitNoMore({ _id, version }) {
      await collection.updateOne({ _id, version }, { $unset: { dueAt: '' } });
    },
  };
}

type Update = mongo.UpdateFilter<PaymentRecord>;

const unset = (fields: { [field in 'dueAt' | 'refundTellAt']: boolean }): Update =>
  operator(
    '$unset',
    Object.entries(fields).flatMap(([name, isGone]) => (isGone ? [[name, '']] : [])),
  );

const append = (lists: Partial<Pick<PaymentRecord, 'outbox' | 'ledger'>>): Update =>
  operator(
    '$push',
    Object.entries(lists).flatMap(([name, $each]) => ($each.length > 0 ? [[name, { $each }]] : [])),
  );

/** MongoDB before 5.0 refuses an operator without fields. */
const operator = (name: '$unset' | '$push', fields: unknown[][]): Update =>
  fields.length === 0 ? {} : { [name]: Object.fromEntries(fields) };

/** Older records do not have what was added since. */
const asRead = (record: PaymentRecord | null): PaymentRecord | null =>
  record && {
    ...record,
    refundFailures: record.refundFailures ?? 0,
    refundFailure: record.refundFailure ?? null,
    refundStands: record.refundStands ?? false,
    disputes: record.disputes ?? [],
  };

/** A refund that fails time and again is still tried this often. */
const dayMs = 24 * 3600_000;
/** Longer than an event is tried: components/NAME/resiliency.yaml. */
export const tellRefundAgainAfterMs = 60_000;
/** A refund that was made is looked at this often, and at first daily: few fail later, and each look asks Stripe. */
const longestRefundWaitMs = 8 * dayMs;
/** About a day of visits every five minutes: what has not moved by then is visited daily. */
const frequentVisits = 300;

function waitMs(record: PaymentRecord, firstMs: number): number {
  if (record.state === 'refunded') return Math.min(longestRefundWaitMs, dayMs * 2 ** record.visits);
  return record.visits >= frequentVisits ? dayMs : usualWaitMs(record, firstMs);
}

/** Visited without moving for about a month. */
export const isVisitedInVain = ({ visits }: DuePayment): boolean => visits >= frequentVisits + 30;

/** Only what the domain decides: the rest of a record read from the database belongs to the writes above. */
const fieldsOf = (payment: Payment): Payment => ({
  _id: payment._id,
  userId: payment.userId,
  amount: payment.amount,
  currency: payment.currency,
  state: payment.state,
  attempt: payment.attempt,
  tries: payment.tries,
  openedAt: payment.openedAt,
  intentId: payment.intentId,
  charges: payment.charges,
  closeReason: payment.closeReason,
  refundFailures: payment.refundFailures,
  refundFailure: payment.refundFailure,
  orderCompleted: payment.orderCompleted,
  refundStands: payment.refundStands,
  disputes: payment.disputes,
  version: payment.version,
});

const entryOf = ({ version }: Payment, { name, data }: PaymentEvent, at: Date): OutboxEntry =>
  outboxEntry<unknown>(events[name], `${version}-${data.id}-${events[name].type}`, at, data);
