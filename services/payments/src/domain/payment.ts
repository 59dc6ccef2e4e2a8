// A payment: everything about the money of one order. One order has one payment, and one PaymentIntent at a time.
import type { ChargeStatus, EventData } from '@ticketing/common';

/**
 * - `opening`: written; the PaymentIntent may or may not exist at Stripe
 * - `open`: its PaymentIntent waits for the buyer's card, or for our capture
 * - `lapsed`: Stripe cancelled the PaymentIntent; a new attempt may get a new one
 * - `capturing`: orders said yes; from here only Stripe's word counts
 * - `captured`: the money was taken
 * - `closing`: no capture any more, whatever happens; the PaymentIntent is still to be cancelled
 * - `closed`: cancelled at Stripe, or never there
 * - `refunding`: taken, but the order is cancelled or an operator said so; to be given back
 * - `refunded`: given back
 */
export const paymentStates = [
  'opening',
  'open',
  'lapsed',
  'capturing',
  'captured',
  'closing',
  'closed',
  'refunding',
  'refunded',
] as const;
export type PaymentState = (typeof paymentStates)[number];

/** One try of one card, counted once by Stripe's charge id. The first is written before Stripe has one. */
export interface Charge {
  id: string;
  stripeId: string | null;
  status: ChargeStatus;
  /** Minor units. */
  amount: number;
  /** Why it failed: Stripe's decline code, or one of `ownReasons`. */
  reason: string | null;
  /** The refund that gave it back and, as far as Stripe has said, did not fail. */
  stripeRefundId: string | null;
}

/**
 * Failures that are no declines: an authorisation released by us; ended before a card was tried; PaymentIntent
 * cancelled at Stripe while it waited for a card; authorisation taken back by Stripe.
 */
const ownReasons: readonly string[] = ['voided', 'closed', 'canceled', 'authorisation_lapsed'];

/** A card was refused; three of these end the payment. */
export const isDecline = ({ status, reason }: Charge): boolean =>
  status === 'Failed' && reason !== null && !ownReasons.includes(reason);

/** The buyer told his bank that a captured charge was not his doing; the bank has the money until it has decided. */
export interface Dispute {
  stripeId: string;
  /** Minor units; it may be a part of the charge. */
  amount: number;
  status: DisputeStatus;
}

export const disputeStatuses = ['open', 'won', 'lost'] as const;
/** `won`: the money is ours again; `lost`: it is the buyer's for good. */
export type DisputeStatus = (typeof disputeStatuses)[number];

export type CloseReason = 'order_cancelled' | 'declined' | 'refused_by_orders' | 'authorisation_lapsed';

export interface Payment {
  /** The order's id: there is no second payment for an order, by construction. */
  _id: string;
  /** The buyer. */
  userId: string;
  /** Minor units; the order's price as held, never the browser's. */
  amount: number;
  currency: 'usd';
  state: PaymentState;
  /** Which PaymentIntent this is: 1, and one more each time Stripe cancelled one. 0: closed before there was any. */
  attempt: number;
  /** How often Stripe answered a request with an error: part of every idempotency key, which an error uses up. */
  tries: number;
  /** When this attempt was written; its PaymentIntent is younger. */
  openedAt: Date;
  intentId: string | null;
  charges: Charge[];
  closeReason: CloseReason | null;
  /** How often giving the money back has failed; each time the next try waits longer. */
  refundFailures: number;
  /** Why it failed the last time. */
  refundFailure: string | null;
  /** Orders said that the order is completed: nothing is left to look after. */
  orderCompleted: boolean;
  /** Given back so long ago that no bank sends it back any more. */
  refundStands: boolean;
  /** Known by Stripe's word only; they change nothing about the order. */
  disputes: Dispute[];
  version: number;
}

/** Names the event's contract and holds its data. */
export type PaymentEvent =
  | { name: 'ChargeCreated' | 'ChargeCompleted' | 'ChargeRefunded'; data: EventData<'ChargeCreated'> }
  | { name: 'ChargeFailed'; data: EventData<'ChargeFailed'> };

/** What becomes of a payment. `payment` is the very object that was given when nothing changes. */
export interface Change {
  payment: Payment;
  events: PaymentEvent[];
}

export const unchanged = (payment: Payment): Change => ({ payment, events: [] });

/** The next version, with events that tell of it. */
export function changed(
  payment: Payment,
  fields: Partial<Omit<Payment, '_id' | 'version'>>,
  tell: (next: Payment) => PaymentEvent[] = () => [],
): Change {
  const next = { ...payment, ...fields, version: payment.version + 1 };
  return { payment: next, events: tell(next) };
}

/** A charge as every event tells it. */
export const chargeEvent = (
  name: 'ChargeCreated' | 'ChargeCompleted' | 'ChargeRefunded',
  payment: Payment,
  charge: Charge,
): PaymentEvent => ({ name, data: chargeData(payment, charge) });

/** @param final no further attempt is accepted */
export const chargeFailed = (payment: Payment, charge: Charge, final: boolean): PaymentEvent => ({
  name: 'ChargeFailed',
  data: { ...chargeData(payment, charge), reason: charge.reason ?? 'card_declined', final },
});

const chargeData = (payment: Payment, charge: Charge): EventData<'ChargeCreated'> => ({
  id: charge.id,
  orderId: payment._id,
  userId: payment.userId,
  status: charge.status,
  amount: charge.amount,
  currency: payment.currency,
  stripeId: charge.stripeId,
  stripeRefundId: charge.stripeRefundId,
  version: payment.version,
});

/** The one that is not decided yet. There is never more than one. */
export const undecidedCharge = (charges: readonly Charge[]): Charge | undefined =>
  charges.find(({ status }) => status === 'Created');

export const replaceCharge = (charges: readonly Charge[], charge: Charge): Charge[] =>
  charges.map((other) => (other.id === charge.id ? charge : other));

/** The reconciler has nothing to do with it any more. */
export const isFinished = ({ state, orderCompleted, refundStands }: Payment): boolean =>
  state === 'closed' || (state === 'captured' && orderCompleted) || (state === 'refunded' && refundStands);
