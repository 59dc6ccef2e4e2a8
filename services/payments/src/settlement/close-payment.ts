import { orderCancelled } from '../domain/close-payment';
import { closedPayment, type PayableOrder } from '../domain/open-payment';
import type { Payment } from '../domain/payment';
import { advancePayment } from './advance-payment';
import type { SettlementDeps } from './deps';
import { isUndecided, NotSettledYet } from './undecided';

const mostSteps = 10;

/**
 * The order is cancelled: decides to close its payment, and has Stripe do its part, or leaves that to the reconciler
 * when Stripe does not say.
 */
export async function closePayment(deps: SettlementDeps, order: PayableOrder): Promise<void> {
  await decideToClose(deps, order);
  try {
    await advancePayment(deps, order.id);
  } catch (error) {
    if (!isUndecided(error)) throw error;
    deps.log.warn({ err: error, orderId: order.id }, 'closing is decided; the reconciler will finish it');
  }
}

/**
 * Closes the payment of a cancelled order, or writes it closed before there is one, so that none can be opened later;
 * what was captured is to be given back. Resolves once that is stored; Stripe is not asked.
 */
export async function decideToClose({ payments, clock }: SettlementDeps, order: PayableOrder): Promise<Payment> {
  for (let steps = 0; steps < mostSteps; steps++) {
    const payment = await payments.find(order.id);
    if (!payment) {
      const tombstone = await payments.insert(closedPayment(order, clock.now()));
      if (tombstone) return tombstone;
      continue;
    }
    const change = orderCancelled(payment);
    if (change.payment === payment) return payment;
    const saved = await payments.save(payment, change);
    if (saved) return saved;
  }
  throw new NotSettledYet(`payment ${order.id} did not come to rest`);
}
