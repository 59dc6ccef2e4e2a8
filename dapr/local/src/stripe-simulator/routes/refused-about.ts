import { StripeError } from '../http/stripe-error';
import type { PaymentIntent } from '../payments/objects';
import { present } from './present';
import type { Call } from './route';

/** Runs a decision about an intent; its refusal is answered with the intent inside, as Stripe does. */
export function refusedAbout<Decision>(intent: PaymentIntent, call: Call, decide: () => Decision): Decision {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof StripeError) || error.body.code !== 'payment_intent_unexpected_state') throw error;
    throw error.about(present(intent, { ...call, expand: [] }));
  }
}
