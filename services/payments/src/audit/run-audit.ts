// One audit: everything is compared once; what differs is looked at again until it no longer does, or the grace is over.
// Only what still differs then is a difference: the marketplace may go on trading meanwhile.
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '@ticketing/common';
import { balanceOf } from '../domain/ledger';
import type { OrderAccount, StripeIntent } from './books';
import { differencesOf } from './compare-order';
import type { Books } from './read-books';
import type { StripeBooks } from './read-stripe';

export interface AuditOptions {
  books: Books;
  stripe: StripeBooks;
  clock: Clock;
  /** How long what is under way may take to reach everybody. */
  graceMs: number;
  /** Between two looks at what differs. */
  everyMs: number;
  /** Called often; what is shown of it is the caller's choice. */
  progress: (text: string) => void;
}

export interface AuditResult {
  orders: number;
  payments: number;
  intents: number;
  /** Orders that are neither completed nor cancelled. */
  underWay: number;
  /** By the ledger, in minor units. */
  captured: number;
  refunded: number;
  /** With buyers' banks, for good or until they have decided. */
  disputed: number;
  /** By order, in sentences; empty when all tell the same. */
  differences: Map<string, string[]>;
}

const batchSize = 500;

/** @throws when a database or Stripe cannot be read */
export async function runAudit(options: AuditOptions): Promise<AuditResult> {
  const { books, stripe, clock, graceMs, progress } = options;
  const intents = await stripe.readAll((what, count) => progress(`Stripe: ${count} ${what}`));
  const kept = groupBy(await books.ticketsKept(), ({ orderId }) => orderId ?? '');
  const ids = await books.orderIds((count) => progress(`databases: ${count} orders`));
  for (const id of [...kept.keys(), ...intents.keys()]) ids.add(id);

  const result: AuditResult = {
    orders: 0,
    payments: 0,
    intents: [...intents.values()].flat().length,
    underWay: 0,
    captured: 0,
    refunded: 0,
    disputed: 0,
    differences: new Map(),
  };
  for (const batch of batchesOf([...ids])) {
    for (const account of await accountsOf(books, batch, kept, intents)) {
      count(result, account);
      const found = differencesOf(account, { now: clock.now(), graceMs });
      if (found.length > 0) result.differences.set(account.orderId, found);
    }
    progress(`compared: ${result.orders} of ${ids.size} orders`);
  }
  await lookAgain(options, result, intents);
  return result;
}

/** What is on record of one order now. */
export async function accountOf({ books, stripe }: AuditOptions, orderId: string): Promise<OrderAccount | undefined> {
  const payment = (await books.payments([orderId])).get(orderId);
  const charges = payment?.charges.flatMap(({ stripeId }) => stripeId ?? []) ?? [];
  const intentIds = await stripe.intentIdsOf(charges);
  if (payment?.intentId) intentIds.add(payment.intentId);
  const intents = await stripe.readAgain([...intentIds]);
  const kept = groupBy(await books.ticketsKept([orderId]), () => orderId);
  return (await accountsOf(books, [orderId], kept, new Map([[orderId, intents]])))[0];
}

async function lookAgain(
  { books, stripe, clock, graceMs, everyMs, progress }: AuditOptions,
  { differences }: AuditResult,
  known: ReadonlyMap<string, StripeIntent[]>,
): Promise<void> {
  const deadline = clock.now().getTime() + graceMs;
  while (differences.size > 0 && clock.now().getTime() < deadline) {
    const secondsLeft = Math.ceil((deadline - clock.now().getTime()) / 1000);
    progress(
      `${differences.size} orders differ, perhaps because they are under way: looked at again for ${secondsLeft} s`,
    );
    await wait(everyMs);
    for (const batch of batchesOf([...differences.keys()])) {
      const payments = await books.payments(batch);
      const intents = new Map<string, StripeIntent[]>();
      for (const id of batch) {
        const intentIds = new Set((known.get(id) ?? []).map((intent) => intent.id));
        const current = payments.get(id)?.intentId;
        if (current) intentIds.add(current);
        intents.set(id, await stripe.readAgain([...intentIds]));
      }
      const kept = groupBy(await books.ticketsKept(batch), ({ orderId }) => orderId ?? '');
      for (const account of await accountsOf(books, batch, kept, intents)) {
        const found = differencesOf(account, { now: clock.now(), graceMs });
        if (found.length > 0) differences.set(account.orderId, found);
        else differences.delete(account.orderId);
      }
    }
  }
}

async function accountsOf(
  books: Books,
  ids: readonly string[],
  kept: ReadonlyMap<string, OrderAccount['claimedBy']>,
  intents: ReadonlyMap<string, StripeIntent[]>,
): Promise<OrderAccount[]> {
  const orders = await books.orders(ids);
  const payments = await books.payments(ids);
  const tickets = await books.tickets([...orders.values()].map(({ ticketId }) => ticketId));
  return ids.map((orderId) => {
    const order = orders.get(orderId) ?? null;
    return {
      orderId,
      order,
      ticket: (order && tickets.get(order.ticketId)) ?? null,
      claimedBy: kept.get(orderId) ?? [],
      payment: payments.get(orderId) ?? null,
      intents: intents.get(orderId) ?? [],
    };
  });
}

function count(result: AuditResult, { order, payment }: OrderAccount): void {
  result.orders += 1;
  if (order && order.status !== 'Completed' && order.status !== 'Cancelled') result.underWay += 1;
  if (!payment) return;
  const { captured, refunded, disputed } = balanceOf(payment.ledger);
  result.payments += 1;
  result.captured += captured;
  result.refunded += refunded;
  result.disputed += disputed;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function* batchesOf(ids: readonly string[]): Generator<string[]> {
  for (let start = 0; start < ids.length; start += batchSize) yield ids.slice(start, start + batchSize);
}
