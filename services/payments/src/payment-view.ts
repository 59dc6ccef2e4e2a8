import { type CloudEvent, definitionOf, makeEvent, type OutboxEntry } from '@ticketing/common';
import type { PaymentRecord } from './data/payment-model';
import { type Charge, isDecline, type Payment } from './domain/payment';
import type { DeclineRules } from './domain/see-intent';

/** A charge as its buyer sees it. */
export interface ChargeView {
  id: string;
  orderId: string;
  status: Charge['status'];
  /** Minor units. */
  amount: number;
  currency: string;
  stripeId: string | null;
  stripeRefundId: string | null;
  /** Of a failed charge: Stripe's decline code, or why it was ended. */
  reason?: string;
  /** Of a failed charge: what happened and what to do next. */
  message?: string;
  /** Of a declined card: how many may still be tried after it. */
  attemptsLeft?: number;
}

export const chargeView = (payment: Payment, charge: Charge, rules: DeclineRules): ChargeView => ({
  id: charge.id,
  orderId: payment._id,
  status: charge.status,
  amount: charge.amount,
  currency: payment.currency,
  stripeId: charge.stripeId,
  stripeRefundId: charge.stripeRefundId,
  ...(charge.reason === null ? {} : { reason: charge.reason, message: messageOf(payment, charge, charge.reason) }),
  ...(isDecline(charge) ? { attemptsLeft: attemptsAfter(payment, charge, rules) } : {}),
});

function attemptsAfter({ charges }: Payment, { id }: Charge, { maxDeclines }: DeclineRules): number {
  const declines = charges.filter(isDecline);
  return Math.max(0, maxDeclines - 1 - declines.findIndex((decline) => decline.id === id));
}

function messageOf(payment: Payment, charge: Charge, reason: string): string {
  const message = messages[reason] ?? 'The card was declined. Try another card.';
  return isLastAttempt(payment, charge) ? `${message.split('. ')[0]}. This was the last attempt.` : message;
}

/** The decline that ended the payment, and none of those before it. */
const isLastAttempt = ({ state, closeReason, charges }: Payment, { id }: Charge): boolean =>
  closeReason === 'declined' && (state === 'closing' || state === 'closed') && charges.findLast(isDecline)?.id === id;

const endings: Record<string, string> = {
  voided: 'The order had ended before the payment did. You were not charged.',
  closed: 'The order ended before a card was charged.',
  canceled: 'The payment was cancelled before it was finished. You were not charged: start it again.',
  authorisation_lapsed: 'The bank took its approval back. You were not charged.',
};

/** By Stripe's decline code: https://docs.stripe.com/declines/codes. What would help a thief is not told apart. */
const messages: Record<string, string> = {
  ...endings,
  insufficient_funds: 'The card has insufficient funds. Try another card.',
  expired_card: 'The card has expired. Try another card.',
  incorrect_cvc: "The card's security code is wrong. Check it and try again.",
  incorrect_number: 'The card number is wrong. Check it and try again.',
  processing_error: 'The bank could not process the card. Try again in a moment.',
  try_again_later: 'The bank could not process the card. Try again in a moment.',
};

/** The event of an outbox entry; its data were stored with the change. @throws Error for an unknown type */
export function chargeEventOf(payment: PaymentRecord, entry: OutboxEntry): CloudEvent {
  return makeEvent(
    definitionOf(entry.type),
    { id: `${payment._id}:${entry.id}`, subject: payment._id, time: entry.at, traceparent: entry.traceparent },
    entry.data,
  );
}
