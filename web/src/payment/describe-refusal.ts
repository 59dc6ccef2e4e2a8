import type { StripeError } from '@stripe/stripe-js';

/** By Stripe's decline code (https://docs.stripe.com/declines/codes). What would help a thief is not told apart. */
const sentences: Record<string, string> = {
  insufficient_funds: 'There is not enough money on this card. Try another card.',
  expired_card: 'This card has expired. Try another card.',
  incorrect_cvc: 'The security code does not match this card. Check it and try again.',
  incorrect_number: 'The card number is wrong. Check it and try again.',
  processing_error: 'The bank could not process this card just now. Try again in a moment.',
  try_again_later: 'The bank could not process this card just now. Try again in a moment.',
  test_mode_live_card: 'These are test payments: use one of the test cards.',
  payment_intent_authentication_failure:
    'Your bank could not confirm that it was you, so nothing was charged. Try again, or use another card.',
};

/** What a buyer is told when Stripe refuses a card: what happened and what to do next. */
export function describeRefusal({ type, code, decline_code: declineCode, message }: StripeError): string {
  const known = sentences[declineCode ?? ''] ?? sentences[code ?? ''];
  if (known) return known;
  if (type === 'card_error') return 'The card was declined. Try another card.';
  if (type === 'validation_error') return message ?? 'Check the card details.';
  return 'The payment could not be made, and nothing was charged. Try again in a moment.';
}
