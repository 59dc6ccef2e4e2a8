// Rule 14 of the purchase protocol: whatever event, webhook or process was lost, every unfinished payment is looked
// after here, and every captured one until its order is known to be completed, or else it is refunded. What was given
// back is looked at until no bank sends it back any more.
import { inParallel, type Metrics } from '@ticketing/common';
import { type DuePayment, isVisitedInVain } from '../data/payments';
import { orderCompleted } from '../domain/close-payment';
import { isRefundOld, refundArrived } from '../domain/refund-payment';
import { advancePayment } from '../settlement/advance-payment';
import { closePayment } from '../settlement/close-payment';
import { processWebhookEvent, type WebhookDeps } from '../settlement/process-webhook-event';
import { isUndecided } from '../settlement/undecided';
import { StripeUnknownIntent } from '../stripe/stripe-errors';

export interface ReconcileDeps extends WebhookDeps {
  metrics: Metrics;
}

const batchSize = 50;
/** Each visit waits for Stripe, which takes 100 requests a second, 25 in test mode; this many wait beside each other. */
const width = 8;

/** One round over all that is due when it begins; resolves with how many payments and webhook events were looked after. */
export async function reconcilePayments(deps: ReconcileDeps, stopping?: AbortSignal): Promise<number> {
  // A round that Stripe keeps hanging may last longer than the wait for the next visit: what falls due meanwhile is
  // left to the next round, or this one would never end.
  const dueBy = deps.clock.now();
  let count = await batchAfterBatch(
    () => deps.webhookEvents.claimDue(batchSize, dueBy),
    (event) => looked(deps, 'webhooks', event.orderId, () => processWebhookEvent(deps, event)),
    stopping,
  );
  count += await batchAfterBatch(
    () => deps.payments.claimDue(batchSize, dueBy),
    (payment) => looked(deps, 'payments', payment._id, () => visitOrLeave(deps, payment)),
    stopping,
  );
  deps.metrics.workWaiting.set({ kind: 'refund' }, await deps.payments.countRefunding());
  return count;
}

/** Until none is left: what is claimed is due again only after the round's start. Resolves with how many there were. */
async function batchAfterBatch<T>(
  claim: () => Promise<T[]>,
  work: (item: T) => Promise<void>,
  stopping: AbortSignal | undefined,
): Promise<number> {
  let count = 0;
  while (!stopping?.aborted) {
    const claimed = await claim();
    if (claimed.length === 0) break;
    // What is not begun when the service stops is due again for the next replica that looks.
    await inParallel(claimed, { width, stopping }, work);
    count += claimed.length;
  }
  return count;
}

/** What Stripe has never known is not asked for for ever; the audit goes on telling of it. */
async function visitOrLeave(deps: ReconcileDeps, payment: DuePayment): Promise<void> {
  try {
    await visit(deps, payment);
  } catch (error) {
    if (!(error instanceof StripeUnknownIntent) || !isHopeless(payment, deps.clock.now())) throw error;
    await deps.payments.visitNoMore(payment);
    deps.log.error({ err: error, orderId: payment._id }, 'a payment was looked for at Stripe for long, and is left');
  }
}

/** Nothing can be taken by it any more, or nothing come back: an authorisation lapses long before. */
const isHopeless = (payment: DuePayment, now: Date): boolean =>
  (payment.state === 'closing' && isVisitedInVain(payment)) || wasRefundedLongAgo(payment, now);

function wasRefundedLongAgo({ state, ledger }: DuePayment, now: Date): boolean {
  const refund = ledger.findLast(({ kind }) => kind === 'refunded');
  return state === 'refunded' && refund !== undefined && isRefundOld(refund.at, now);
}

async function visit(deps: ReconcileDeps, payment: DuePayment): Promise<void> {
  if (payment.state === 'refunded') return visitRefunded(deps, payment);
  // What is being closed or refunded is decided: orders need not be there for it.
  const isDecided = payment.state === 'closing' || payment.state === 'refunding';
  const order = isDecided ? null : await deps.orders.find(payment._id);
  if (order?.status === 'Cancelled') return closePayment(deps, { ...order, price: payment.amount });
  const advanced = await advancePayment(deps, payment._id, { retryRefund: true });
  if (advanced?.state !== 'captured' || order?.status !== 'Completed') return;
  await deps.payments.save(advanced, orderCompleted(advanced));
}

/** Stripe calls a refund done, or pending, before the bank has taken it. */
async function visitRefunded(deps: ReconcileDeps, payment: DuePayment): Promise<void> {
  const looked = await advancePayment(deps, payment._id, { lookAgain: true, retryRefund: true });
  if (looked?.state !== 'refunded' || looked.version !== payment.version) return;
  if (wasRefundedLongAgo(payment, deps.clock.now())) await deps.payments.save(looked, refundArrived(looked));
}

async function looked(deps: ReconcileDeps, reconciler: string, orderId: string, look: () => Promise<void>) {
  const before = await deps.payments.find(orderId);
  try {
    await look();
  } catch (error) {
    deps.metrics.reconciled.inc({ reconciler, outcome: 'failed' });
    deps.log[isUndecided(error) ? 'warn' : 'error']({ err: error, orderId }, 'a payment could not be settled yet');
    return;
  }
  const after = await deps.payments.find(orderId);
  const moved = after && after.state !== before?.state;
  deps.metrics.reconciled.inc({ reconciler, outcome: moved ? after.state : 'unchanged' });
  if (moved) deps.log.info({ orderId, from: before?.state, to: after.state }, 'brought a payment further');
}
