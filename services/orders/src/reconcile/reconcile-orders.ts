// The net below everything else: orders that must have ended, and have not, because an event, a reminder or a process
// was lost. Each pass goes over rows that are old enough, found by an index, in batches.
import { type Clock, type Log, type Metrics, NoAnswer, type PaymentOutcome } from '@ticketing/common';
import type { OrderRecord } from '../data/order-model';
import type { Orders } from '../data/orders';
import { complete, type Decision, expire, giveUpHold, loseAuthorisation, type Order } from '../domain/order';
import type { TicketHolds } from '../tickets/ask-tickets';

export interface ReconcileDeps {
  orders: Orders;
  announce: (order: OrderRecord) => void;
  holds: TicketHolds;
  paymentOutcome: (orderId: string) => Promise<PaymentOutcome>;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  requestBudgetMs: number;
  /** How long after its deadline an order is the actor's to end. */
  overdueMs: number;
  /** How long a capture may take before Stripe is asked. */
  capturingMs: number;
}

const batchSize = 100;

export async function reconcileOrders(deps: ReconcileDeps): Promise<void> {
  await expireOverdue(deps);
  await giveUpHolds(deps);
  await settleCaptures(deps);
}

async function expireOverdue(deps: ReconcileDeps): Promise<void> {
  const now = deps.clock.now();
  await eachBatch(
    () => deps.orders.overdue(earlier(now, deps.overdueMs), batchSize),
    (order) => settle(deps, order, 'expired', (found) => expire(found, now)),
  );
}

async function giveUpHolds(deps: ReconcileDeps): Promise<void> {
  const now = deps.clock.now();
  await eachBatch(
    () => deps.orders.holdNotKnownSince(earlier(now, deps.requestBudgetMs), batchSize),
    async (order) => {
      const ended = await settle(deps, order, 'hold given up', (found) => giveUpHold(found, now, deps.requestBudgetMs));
      if (ended) await releaseSoon(deps, order);
      return ended;
    },
  );
}

async function settleCaptures(deps: ReconcileDeps): Promise<void> {
  await eachBatch(
    () => deps.orders.capturingSince(earlier(deps.clock.now(), deps.capturingMs), batchSize),
    async (order) => {
      const outcome = await deps.paymentOutcome(order._id).catch(ifNoAnswer('pending' as const));
      if (outcome === 'pending') return false;
      return outcome === 'captured'
        ? settle(deps, order, outcome, complete)
        : settle(deps, order, outcome, loseAuthorisation);
    },
  );
}

/** Batch after batch while each row of one was settled: a row that stays as it is would be found again at once. */
async function eachBatch(
  next: () => Promise<OrderRecord[]>,
  work: (order: OrderRecord) => Promise<boolean>,
): Promise<void> {
  for (;;) {
    const rows = await next();
    let settled = 0;
    for (const row of rows) if (await work(row)) settled++;
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

/** The reconciler of tickets does it otherwise. */
async function releaseSoon({ holds }: ReconcileDeps, order: OrderRecord): Promise<void> {
  await holds.release(order.ticketId, order._id).catch(ifNoAnswer(undefined));
}

const ifNoAnswer =
  <T>(value: T) =>
  (error: unknown): T => {
    if (error instanceof NoAnswer) return value;
    throw error;
  };

const earlier = (now: Date, ms: number): Date => new Date(now.getTime() - ms);
