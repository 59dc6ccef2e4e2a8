import { type InternalOrder, idFrom } from '@ticketing/common';
import { type Change, type Charge, changed, chargeEvent, type Payment, unchanged } from './payment';

/** What a payment takes from its order; the price is known, since the ticket was held. */
export type PayableOrder = Pick<InternalOrder, 'id' | 'userId' | 'currency'> & { price: number };

export type OpeningRefusal =
  | 'OrderNotHeld'
  | 'OrderCancelled'
  | 'OrderCompleted'
  | 'OrderExpired'
  | 'PaymentClosed'
  | 'PaymentDeclined';

/** Why the order cannot be paid now, by its own word; nothing when it can. `Capturing` is answered by its payment. */
export function refuseOrder(
  { status, expiresAt }: Pick<InternalOrder, 'status' | 'expiresAt'>,
  now: Date,
): OpeningRefusal | undefined {
  if (status === 'Created') return 'OrderNotHeld';
  if (status === 'Cancelled') return 'OrderCancelled';
  if (status === 'Completed') return 'OrderCompleted';
  if (status === 'AwaitingPayment' && new Date(expiresAt) <= now) return 'OrderExpired';
  return undefined;
}

/** Why this payment takes no card any more; nothing when it does. */
export function refusePayment({ state, closeReason }: Payment): OpeningRefusal | undefined {
  if (state === 'captured' || state === 'refunding' || state === 'refunded') return 'OrderCompleted';
  if (state !== 'closing' && state !== 'closed') return undefined;
  return closeReason === 'declined' ? 'PaymentDeclined' : 'PaymentClosed';
}

/** Written before Stripe is asked for anything, with all that Stripe will be asked. */
export function openPayment(order: PayableOrder, now: Date): Change {
  const charge = newCharge(order.id, 1, order.price);
  const payment: Payment = { ...blank(order, now), state: 'opening', attempt: 1, charges: [charge] };
  return { payment, events: [chargeEvent('ChargeCreated', payment, charge)] };
}

/** Stands where a payment would: a late request to pay a cancelled order finds it closed. */
export const closedPayment = (order: PayableOrder, now: Date): Change => ({
  payment: { ...blank(order, now), state: 'closed', attempt: 0, charges: [], closeReason: 'order_cancelled' },
  events: [],
});

const blank = (order: PayableOrder, now: Date) => ({
  _id: order.id,
  userId: order.userId,
  amount: order.price,
  currency: order.currency,
  tries: 0,
  openedAt: now,
  intentId: null,
  closeReason: null,
  refundFailures: 0,
  refundFailure: null,
  orderCompleted: false,
  refundStands: false,
  disputes: [],
  version: 1,
});

export const newCharge = (orderId: string, number: number, amount: number): Charge => ({
  id: idFrom('charge', orderId, String(number)),
  stripeId: null,
  status: 'Created',
  amount,
  reason: null,
  stripeRefundId: null,
});

/** Stripe cancelled the PaymentIntent while the order still awaits payment: a new attempt, with a new one. */
export function openNextAttempt(payment: Payment, now: Date): Change {
  if (payment.state !== 'lapsed') return unchanged(payment);
  const charge = newCharge(payment._id, payment.charges.length + 1, payment.amount);
  return changed(
    payment,
    {
      state: 'opening',
      attempt: payment.attempt + 1,
      openedAt: now,
      intentId: null,
      charges: [...payment.charges, charge],
    },
    (next) => [chargeEvent('ChargeCreated', next, charge)],
  );
}

/** The PaymentIntent's id is kept only if there is none; a payment being closed learns it so as to cancel it. */
export function intentCreated(payment: Payment, intentId: string): Change {
  if (payment.intentId !== null) return unchanged(payment);
  if (payment.state === 'opening') return changed(payment, { state: 'open', intentId });
  if (payment.state === 'closing') return changed(payment, { intentId });
  return unchanged(payment);
}

/** Stripe answered with an error, which the idempotency key would repeat for a day: the next request takes another. */
export const keyUsedUp = (payment: Payment): Change => changed(payment, { tries: payment.tries + 1 });
