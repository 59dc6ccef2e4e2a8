import type { StripeError } from '@stripe/stripe-js';

interface Refusal {
  happened: string;
  /** What to do while another try can be made. */
  next: string;
}

const declined: Refusal = { happened: 'The card was declined.', next: 'Try another card.' };
const bankAway: Refusal = {
  happened: 'The bank could not process this card just now.',
  next: 'Try again in a moment.',
};

/** By Stripe's decline code (https://docs.stripe.com/declines/codes). What would help a thief is not told apart. */
const refusals: Record<string, Refusal> = {
  insufficient_funds: { happened: 'There is not enough money on this card.', next: 'Try another card.' },
  expired_card: { happened: 'This card has expired.', next: 'Try another card.' },
  incorrect_cvc: { happened: 'The security code does not match this card.', next: 'Check it and try again.' },
  incorrect_number: { happened: 'The card number is wrong.', next: 'Check it and try again.' },
  processing_error: bankAway,
  try_again_later: bankAway,
  test_mode_live_card: { happened: 'These are test payments.', next: 'Use one of the test cards.' },
  payment_intent_authentication_failure: {
    happened: 'Your bank could not confirm that it was you, so nothing was charged.',
    next: 'Try again, or use another card.',
  },
};

/** Of charges that failed though no card was declined. */
const endings: Record<string, string> = {
  voided: 'The order had ended before the payment did. You were not charged.',
  canceled: 'The payment was cancelled before it was finished. You were not charged.',
  authorisation_lapsed: 'The bank took its approval back. You were not charged.',
};

/** What a buyer is told when Stripe refuses a card: what happened and what to do next. */
export function describeRefusal({ type, code, decline_code: declineCode, message }: StripeError): string {
  const known = refusals[declineCode ?? ''] ?? refusals[code ?? ''] ?? (type === 'card_error' ? declined : undefined);
  if (known) return `${known.happened} ${known.next}`;
  if (type === 'validation_error') return message ?? 'Check the card details.';
  return 'The payment could not be made, and nothing was charged. Try again in a moment.';
}

/**
 * What happened to a charge that failed, in the same words, and nothing to do: where it is read no card may be left to try.
 * @param reason as payments gives it
 */
export const describeFailure = (reason: string | undefined): string =>
  endings[reason ?? ''] ?? (refusals[reason ?? ''] ?? declined).happened;
