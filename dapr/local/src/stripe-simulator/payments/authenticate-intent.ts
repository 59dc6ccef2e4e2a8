import { type StripeErrorBody, unexpectedState } from '../http/stripe-error';
import { authorizeCard } from './authorize-card';
import type { Confirmation, PresentedCard } from './confirm-intent';
import type { Circumstances, PaymentIntent } from './objects';

export type AuthenticationOutcome = 'approve' | 'fail';

/** The buyer answered the bank's question: the card is tried, or the intent waits for another one. */
export function authenticateIntent(
  intent: PaymentIntent,
  card: PresentedCard | null,
  outcome: AuthenticationOutcome,
  circumstances: Circumstances,
): Confirmation {
  if (intent.status !== 'requires_action' || !card) {
    throw unexpectedState(
      `This PaymentIntent cannot be authenticated because it has a status of ${intent.status}. Only a PaymentIntent with a status of requires_action may be authenticated.`,
    );
  }
  const answered: PaymentIntent = { ...intent, next_action: null };
  if (outcome === 'approve') return authorizeCard(answered, card, 'authenticated', circumstances);

  const failed: PaymentIntent = {
    ...answered,
    status: 'requires_payment_method',
    payment_method: null,
    last_payment_error: failedAuthentication(card),
  };
  return { intent: failed, announce: [{ type: 'payment_intent.payment_failed', object: failed }] };
}

const failedAuthentication = (card: PresentedCard): StripeErrorBody => ({
  type: 'invalid_request_error',
  code: 'payment_intent_authentication_failure',
  doc_url: 'https://stripe.com/docs/error-codes/payment-intent-authentication-failure',
  message:
    'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
  payment_method: card.method,
  payment_method_type: 'card',
});
