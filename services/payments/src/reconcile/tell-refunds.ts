// The order must hear of every refund, or its e-ticket would stay good: an event may end in the dead letters, so it is told
// until the order says it, too.
import { inParallel, type Log, type Metrics, NoAnswer } from '@ticketing/common';
import type { RefundNews } from '../data/payments';
import type { Payment } from '../domain/payment';
import type { Orders } from '../orders/ask-orders';

export interface TellRefundsDeps {
  payments: RefundNews;
  orders: Orders;
  log: Log;
  metrics: Metrics;
}

const batchSize = 50;
const width = 4;

export async function tellRefunds(deps: TellRefundsDeps, stopping?: AbortSignal): Promise<void> {
  const unheard = await deps.payments.claimRefundNotHeard(batchSize);
  await inParallel(unheard, { width, stopping }, (payment) => tellUnlessHeard(deps, payment));
}

async function tellUnlessHeard({ payments, orders, log, metrics }: TellRefundsDeps, payment: Payment): Promise<void> {
  const orderId = payment._id;
  try {
    if (await hasHeard(orders, orderId)) return await payments.noteRefundHeard(orderId);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    log.warn({ err: error, orderId }, 'orders does not say whether it has heard of a refund');
    return;
  }
  await payments.tellRefundAgain(payment);
  metrics.reconciled.inc({ reconciler: 'refunds', outcome: 'told again' });
  log.warn({ orderId }, 'an order had not heard of its refund; it is told again');
}

/** An order that was not sold has no e-ticket, and nothing to hear. */
async function hasHeard(orders: Orders, orderId: string): Promise<boolean> {
  const order = await orders.find(orderId);
  return !order || order.status === 'Cancelled' || order.refundedAt !== undefined;
}
