import { type StripeError, unexpectedState } from '../http/stripe-error';
import { authorizeCard } from './authorize-card';
import type { TestCard } from './cards';
import type { Change, Circumstances, NextAction, PaymentIntent, PaymentMethod } from './objects';

export interface PresentedCard {
  method: PaymentMethod;
  testCard: TestCard;
}

/** A change, and when the bank said no, the error that is answered though the change is kept. */
export type Confirmation = Change & { intent: PaymentIntent; refusal?: StripeError };

/** Throws `payment_intent_unexpected_state` when there is no card, or the intent cannot be confirmed any more. */
export function confirmIntent(
  intent: PaymentIntent,
  card: PresentedCard | null,
  askForAuthentication: (intent: PaymentIntent) => NextAction,
  circumstances: Circumstances,
): Confirmation {
  refuseUnlessOpen(intent);
  if (!card) throw missingCard();
  const presented: PaymentIntent = { ...intent, payment_method: card.method.id, last_payment_error: null };
  if (!asksFirst(presented, card.testCard)) return authorizeCard(presented, card, null, circumstances);

  const asking: PaymentIntent = { ...presented, status: 'requires_action', next_action: askForAuthentication(intent) };
  return { intent: asking, announce: [{ type: 'payment_intent.requires_action', object: asking }] };
}

const asksFirst = (intent: PaymentIntent, card: TestCard): boolean =>
  card.asksForAuthentication ||
  ['any', 'challenge'].includes(intent.payment_method_options.card.request_three_d_secure);

function refuseUnlessOpen(intent: PaymentIntent): void {
  if (intent.status === 'succeeded' || intent.status === 'requires_capture') {
    throw unexpectedState(
      'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
    );
  }
  if (intent.status === 'canceled') {
    throw unexpectedState(
      'You cannot confirm this PaymentIntent because it has a status of canceled. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action, requires_payment_method.',
    );
  }
}

const missingCard = (): StripeError =>
  unexpectedState(
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
  );
