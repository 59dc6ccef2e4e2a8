import { type OutboxEntry, outboxPlugin } from '@ticketing/common';
import { type Connection, type Model, Schema } from 'mongoose';
import { type LedgerEntry, movementKinds } from '../domain/ledger';
import { disputeStatuses, type Payment, paymentStates } from '../domain/payment';

export interface PaymentRecord extends Payment {
  /** When the reconciler looks after it; absent once it is finished. */
  dueAt?: Date;
  /** How often the reconciler came without the payment moving. */
  visits: number;
  /** When the order is asked whether it knows that the money was given back; absent before, and once it does. */
  refundTellAt?: Date;
  /** How often it was asked. */
  refundTellings?: number;
  /** Only ever appended to, by the write that changes the payment. */
  ledger: LedgerEntry[];
  outbox: OutboxEntry[];
}

const schema = new Schema<PaymentRecord>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    amount: { type: Number, required: true },
    currency: { type: String, required: true },
    state: { type: String, enum: paymentStates, required: true },
    attempt: { type: Number, required: true },
    tries: { type: Number, required: true },
    openedAt: { type: Date, required: true },
    intentId: { type: String, default: null },
    charges: [
      {
        _id: false,
        id: { type: String, required: true },
        stripeId: { type: String, default: null },
        status: { type: String, required: true },
        amount: { type: Number, required: true },
        reason: { type: String, default: null },
        stripeRefundId: { type: String, default: null },
      },
    ],
    ledger: [
      {
        _id: false,
        id: { type: String, required: true },
        kind: { type: String, enum: movementKinds, required: true },
        chargeId: { type: String, required: true },
        stripeId: { type: String, required: true },
        amount: { type: Number, required: true },
        currency: { type: String, required: true },
        at: { type: Date, required: true },
      },
    ],
    disputes: [
      {
        _id: false,
        stripeId: { type: String, required: true },
        amount: { type: Number, required: true },
        status: { type: String, enum: disputeStatuses, required: true },
      },
    ],
    refundFailures: { type: Number, default: 0 },
    refundFailure: { type: String, default: null },
    closeReason: { type: String, default: null },
    orderCompleted: { type: Boolean, default: false },
    refundStands: { type: Boolean, default: false },
    dueAt: Date,
    refundTellAt: Date,
    refundTellings: Number,
    visits: { type: Number, default: 0 },
    version: { type: Number, required: true },
  },
  { versionKey: false, collection: 'payments' },
);

// The reconciler's: unfinished payments only.
schema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });
/** Few: money to be given back, counted in every round and listed for operators. */
schema.index({ state: 1, openedAt: 1 }, { partialFilterExpression: { state: 'refunding' } });
schema.index(
  { refundTellAt: 1 },
  { name: 'refund_not_heard', partialFilterExpression: { refundTellAt: { $exists: true } } },
);
/** Settling may name a charge. */
schema.index({ 'charges.id': 1 });
/** What Stripe tells of a refund that is not ours names the PaymentIntent. All else is found by the order's id. */
schema.index({ intentId: 1 });
schema.plugin(outboxPlugin);

export const paymentModel = (connection: Connection): Model<PaymentRecord> =>
  connection.model<PaymentRecord>('Payment', schema);
