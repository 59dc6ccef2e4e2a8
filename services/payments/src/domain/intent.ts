import type { Dispute } from './payment';

/** A PaymentIntent as far as decisions go. Statuses: https://docs.stripe.com/payments/paymentintents/lifecycle */
export interface Intent {
  id: string;
  status: IntentStatus;
  /** Oldest first. */
  charges: readonly SeenCharge[];
  /** The refund that gave everything back, if there is one. */
  refundId: string | null;
  /** Refunds that failed, some long after Stripe had said that they were done. */
  failedRefundIds: readonly string[];
  /** Of the captured charge. */
  disputes: readonly Dispute[];
}

export const intentStatuses = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'processing',
  'requires_capture',
  'succeeded',
  'canceled',
] as const;
export type IntentStatus = (typeof intentStatuses)[number];

export interface SeenCharge {
  stripeId: string;
  declined: boolean;
  /** Stripe's decline code. */
  reason: string | null;
}
