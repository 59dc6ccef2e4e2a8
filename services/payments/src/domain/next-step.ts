import type { Intent } from './intent';
import type { Payment } from './payment';

/**
 * What brings a payment further:
 * - `look`: ask Stripe how the PaymentIntent stands
 * - `create-intent`: of a payment being closed whose creation was under way: the same request again tells its id
 * - `ask-orders`: may we capture?
 */
export type Step = 'nothing' | 'look' | 'create-intent' | 'ask-orders' | 'capture' | 'cancel-intent' | 'refund';

/** `intent` is what Stripe said a moment ago, already taken into `payment`; without it, Stripe is looked at first. */
export function nextStep(payment: Payment, intent: Intent | undefined): Step {
  const seen = intent?.id === payment.intentId ? intent : undefined;
  switch (payment.state) {
    case 'open':
      if (!seen) return 'look';
      return seen.status === 'requires_capture' || seen.status === 'succeeded' ? 'ask-orders' : 'nothing';
    case 'capturing':
      if (!seen) return 'look';
      return seen.status === 'requires_capture' ? 'capture' : 'nothing';
    case 'closing':
      if (payment.intentId === null) return 'create-intent';
      if (!seen) return 'look';
      return seen.status === 'processing' ? 'nothing' : 'cancel-intent';
    case 'refunding':
      return seen ? 'refund' : 'look';
    default:
      return 'nothing';
  }
}
