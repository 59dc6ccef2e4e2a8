import { unexpectedState } from '../http/stripe-error';
import { authorizationSeconds } from './authorize-card';
import type { CancellationReason, Change, Charge, Circumstances, PaymentIntent } from './objects';
import { releaseRest } from './release-rest';

/** Throws `payment_intent_unexpected_state` once the intent succeeded or is canceled. */
export function cancelIntent(
  intent: PaymentIntent,
  charge: Charge | undefined,
  reason: CancellationReason | null,
  circumstances: Circumstances,
): Change & { intent: PaymentIntent } {
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw unexpectedState(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`,
    );
  }
  const canceled = closed(intent, reason, circumstances);
  if (intent.status !== 'requires_capture' || !charge) return { intent: canceled, announce: [announcement(canceled)] };

  const released = releaseRest(charge, intent.amount_capturable, circumstances);
  return { ...released, intent: canceled, announce: [...released.announce, announcement(canceled)] };
}

/** When an authorisation is no longer good for capture. */
export const lapsesAtSeconds = (charge: Charge): number => charge.created + authorizationSeconds;

/** The bank let the authorisation go: the same end as a cancellation, told as `charge.expired`. */
export function lapseIntent(intent: PaymentIntent, charge: Charge, circumstances: Circumstances): Change {
  if (intent.status !== 'requires_capture' || circumstances.nowSeconds < lapsesAtSeconds(charge)) {
    return { announce: [] };
  }
  const expired: Charge = { ...charge, amount_refunded: charge.amount, refunded: true };
  const canceled = closed(intent, 'automatic', circumstances);
  return {
    intent: canceled,
    charge: expired,
    announce: [{ type: 'charge.expired', object: expired }, announcement(canceled)],
  };
}

const closed = (
  intent: PaymentIntent,
  reason: CancellationReason | null,
  { nowSeconds }: Circumstances,
): PaymentIntent => ({
  ...intent,
  amount_capturable: 0,
  canceled_at: nowSeconds,
  cancellation_reason: reason,
  next_action: null,
  status: 'canceled',
});

const announcement = (intent: PaymentIntent) => ({ type: 'payment_intent.canceled', object: intent }) as const;
