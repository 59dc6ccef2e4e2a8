// The net below everything else: orders that must have ended, and have not, because an event, a reminder or a process
// was lost. Each pass goes over rows that are old enough, found by an index, in batches.
import { type Clock, inParallel, type Log, type Metrics, NoAnswer, type PaymentOutcome } from '@ticketing/common';
import type { OrderRecord } from '../data/order-model';
import type { Orders } from '../data/orders';
import { complete, type Decision, expire, giveUpHold, loseAuthorisation, type Order } from '../domain/order';
import { releaseIfPossible, type TicketHolds, type VoidETicket } from '../tickets/ask-tickets';

export interface ReconcileDeps {
  orders: Orders;
  announce: (order: OrderRecord) => void;
  holds: TicketHolds;
  voidETicket: VoidETicket;
  paymentOutcome: (orderId: string) => Promise<PaymentOutcome>;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  requestBudgetMs: number;
  /** How long after its deadline an order is the actor's to end. */
  overdueMs: number;
  /** How long a capture may take before Stripe is asked, and how long until it is asked again. */
  capturingMs: number;
  /** How long the event of a refund may take to reach the ticket, and how long until the ticket is told again. */
  voidTellMs: number;
  stopping?: AbortSignal;
}

const batchSize = 100;
/** Each question waits for another service; this many wait beside each other. */
const width = 4;

export async function reconcileOrders(deps: ReconcileDeps): Promise<void> {
  await expireOverdue(deps);
  await giveUpHolds(deps);
}

async function expireOverdue(deps: ReconcileDeps): Promise<void> {
  const now = deps.clock.now();
  await eachBatch(
    deps,
    () => deps.orders.overdue(earlier(now, deps.overdueMs), batchSize),
    (order) => settle(deps, order, 'expired', (found) => expire(found, now)),
  );
}

async function giveUpHolds(deps: ReconcileDeps): Promise<void> {
  const now = deps.clock.now();
  await eachBatch(
    deps,
    () => deps.orders.holdNotKnownSince(earlier(now, deps.requestBudgetMs), batchSize),
    async (order) => {
      const ended = await settle(deps, order, 'hold given up', (found) => giveUpHold(found, now, deps.requestBudgetMs));
      if (ended) await releaseIfPossible(deps.holds, { orderId: order._id, ticketId: order.ticketId });
      return ended;
    },
  );
}

/** Apart from the rest, since payments asks Stripe for each: a slow Stripe must not keep holds from expiring. */
export async function settleCaptures(deps: ReconcileDeps): Promise<void> {
  const now = deps.clock.now();
  const capturing = await deps.orders.capturingSince(earlier(now, deps.capturingMs), now, batchSize);
  await inParallel(capturing, { width, stopping: deps.stopping }, (order) => settleCapture(deps, order));
}

async function settleCapture(deps: ReconcileDeps, order: OrderRecord): Promise<void> {
  const outcome = await deps.paymentOutcome(order._id).catch(ifNoAnswer('pending' as const));
  if (outcome === 'captured') await settle(deps, order, outcome, complete);
  else if (outcome === 'closed') await settle(deps, order, outcome, loseAuthorisation);
  else await deps.orders.postponeCapture(order._id, new Date(deps.clock.now().getTime() + deps.capturingMs));
}

/**
 * The ticket must know of every refund, or a refunded e-ticket would let somebody in: the event that tells of it may end
 * in the dead letters, this is said until it is heard.
 */
export async function tellVoid(deps: ReconcileDeps): Promise<void> {
  const untold = await deps.orders.voidNotHeardSince(earlier(deps.clock.now(), deps.voidTellMs), batchSize);
  await inParallel(untold, { width, stopping: deps.stopping }, (order) => tellOne(deps, order));
}

async function tellOne({ orders, voidETicket, clock, log, metrics }: ReconcileDeps, order: OrderRecord): Promise<void> {
  const { _id, ticketId, refundedAt } = order;
  if (!refundedAt) throw new Error(`order ${_id} is to be told as refunded, and is not`);
  try {
    await voidETicket(ticketId, _id, refundedAt);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    log.warn({ err: error, orderId: _id, ticketId }, 'a ticket does not know yet that its e-ticket is void');
    metrics.reconciled.inc({ reconciler: 'voids', outcome: 'failed' });
    return orders.noteVoidTold(_id, clock.now());
  }
  await orders.noteVoidHeard(_id);
  metrics.reconciled.inc({ reconciler: 'voids', outcome: 'heard' });
}

/** Batch after batch while each row of one was settled: a row that stays as it is would be found again at once. */
async function eachBatch(
  { stopping }: ReconcileDeps,
  next: () => Promise<OrderRecord[]>,
  work: (order: OrderRecord) => Promise<boolean>,
): Promise<void> {
  for (;;) {
    const rows = await next();
    let settled = 0;
    for (const row of rows) {
      if (stopping?.aborted) return;
      if (await work(row)) settled++;
    }
    if (rows.length < batchSize || settled < rows.length) return;
  }
}

async function settle<Refusal extends string>(
  { orders, announce, clock, log, metrics }: ReconcileDeps,
  { _id }: OrderRecord,
  outcome: string,
  decide: (order: Order) => Decision<Refusal>,
): Promise<boolean> {
  const changed = await orders.change(_id, decide, clock.now());
  if (changed?.kind !== 'changed') return false;
  announce(changed.order);
  metrics.reconciled.inc({ reconciler: 'orders', outcome });
  log.info({ orderId: _id, outcome }, 'settled an order that nobody had told us the end of');
  return true;
}

const ifNoAnswer =
  <T>(value: T) =>
  (error: unknown): T => {
    if (error instanceof NoAnswer) return value;
    throw error;
  };

const earlier = (now: Date, ms: number): Date => new Date(now.getTime() - ms);
