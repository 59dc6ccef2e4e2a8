// What an order's state is called, and what it means for the buyer.
import type { Charge, Order } from '@/api/types';

export type OrderStage =
  /** Whether the ticket is held is not known yet. */
  | 'reserving'
  | 'awaitingPayment'
  /** The time to pay is over; whether a payment came in time is being decided. */
  | 'deciding'
  | 'completed'
  | 'cancelled';

/** @param nowMs by the server's clock */
export function stageOf({ status, expiresAt }: Pick<Order, 'status' | 'expiresAt'>, nowMs: number): OrderStage {
  if (status === 'Completed') return 'completed';
  if (status === 'Cancelled') return 'cancelled';
  if (status === 'Created') return 'reserving';
  return Date.parse(expiresAt) > nowMs ? 'awaitingPayment' : 'deciding';
}

interface Label {
  text: string;
  /** A Bootstrap colour. */
  tone: 'success' | 'warning' | 'info' | 'secondary';
}

const labels: Record<OrderStage, Label> = {
  reserving: { text: 'Reserving', tone: 'info' },
  awaitingPayment: { text: 'Waiting for payment', tone: 'warning' },
  deciding: { text: 'Time is up', tone: 'info' },
  completed: { text: 'Paid', tone: 'success' },
  cancelled: { text: 'Cancelled', tone: 'secondary' },
};

const endings: Record<string, Label> = {
  Expired: { text: 'Time ran out', tone: 'secondary' },
  PaymentFailed: { text: 'Payment failed', tone: 'secondary' },
  AuthorisationLapsed: { text: 'Payment failed', tone: 'secondary' },
  HoldNotConfirmed: { text: 'Not reserved', tone: 'secondary' },
};

export function labelOf(order: Pick<Order, 'status' | 'expiresAt' | 'cancelReason'>, nowMs: number): Label {
  const stage = stageOf(order, nowMs);
  return (stage === 'cancelled' && endings[order.cancelReason ?? '']) || labels[stage];
}

const reasons: Record<string, string> = {
  Expired: 'The time to pay ran out, so the ticket went back on sale.',
  CancelledByBuyer: 'You cancelled this order, and the ticket went back on sale.',
  PaymentFailed: 'The card was declined too often, so the ticket went back on sale.',
  AuthorisationLapsed: 'Your bank took its approval back before the payment was made, so the ticket went back on sale.',
  HoldNotConfirmed: 'We could not reserve the ticket for you.',
};

export const describeEnding = ({ cancelReason }: Pick<Order, 'cancelReason'>): string =>
  reasons[cancelReason ?? ''] ?? 'This order was cancelled.';

/** What became of the money of a cancelled order; nothing is said when it is not known. */
export function describeMoney(charges: readonly Charge[] | null): string | undefined {
  if (!charges) return undefined;
  const taken = charges.find(({ status }) => status === 'Completed');
  if (!taken) return 'You were not charged.';
  return taken.stripeRefundId
    ? 'Your payment was refunded. Banks take some days to show it.'
    : 'Your payment is being refunded.';
}

export const isRefunded = (charges: readonly Charge[] | null): boolean =>
  charges?.some(({ stripeRefundId }) => stripeRefundId !== null) ?? false;
