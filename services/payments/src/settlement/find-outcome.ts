import type { PaymentOutcome } from '@ticketing/common';
import { nothingAuthorised } from '../domain/close-payment';
import type { Payment } from '../domain/payment';
import { advancePayment } from './advance-payment';
import { closePayment } from './close-payment';
import type { SettlementDeps } from './deps';

/**
 * Stripe's final word on an order that captures for long. When nothing is authorised (Stripe lost it between the yes
 * of orders and our note of it), the payment is closed for good, so that the order can end.
 * @throws what `isUndecided` tells, when Stripe or orders did not say
 */
export async function findOutcome(deps: SettlementDeps, orderId: string): Promise<PaymentOutcome> {
  const payment = await advancePayment(deps, orderId);
  const outcome = outcomeOf(payment);
  if (outcome !== 'pending') return outcome;

  // Only for an order that is past paying may a payment be closed unasked.
  const order = await deps.orders.find(orderId);
  if (order?.status !== 'Capturing' && order?.status !== 'Cancelled') return 'pending';
  if (!payment) {
    await closePayment(deps, { ...order, price: order.price ?? 0 });
    return outcomeOf(await deps.payments.find(orderId));
  }
  const change = nothingAuthorised(payment);
  if (change.payment === payment || !(await deps.payments.save(payment, change))) return 'pending';
  return outcomeOf(await advancePayment(deps, orderId));
}

function outcomeOf(payment: Payment | null): PaymentOutcome {
  switch (payment?.state) {
    case 'captured':
    case 'refunding':
    case 'refunded':
      return 'captured';
    case 'closed':
      return 'closed';
    default:
      return 'pending';
  }
}
