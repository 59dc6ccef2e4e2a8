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

export interface OrderAudit {
  account: OrderAccount;
  /** In sentences; empty when all tell the same. */
  differences: string[];
}

/** Clocks differ by less, Stripe’s and those of the services, and what is asked for at the end of a hold is made by then. */
const mostSkewMs = 3600_000;

/** The same of one order: nothing when nobody knows it. @throws when a database or Stripe cannot be read */
export async function auditOrder(options: AuditOptions, orderId: string): Promise<OrderAudit | undefined> {
  const { books, stripe, progress } = options;
  const order = (await books.orders([orderId])).get(orderId);
  const made = order && { from: moved(order.createdAt, -mostSkewMs), to: moved(order.expiresAt, mostSkewMs) };
  const known = await stripe.intentIdsOf(orderId, made, (count) => progress(`Stripe: ${count} PaymentIntents`));
  const look = async () => (await lookNow(options, [orderId], () => known))[0];
  let seen = await look();
  if (!seen || !isKnown(seen.account)) return undefined;
  const differing = () => (seen && seen.differences.length > 0 ? 1 : 0);
  await whileDiffering(options, differing, async () => {
    seen = await look();
  });
  return seen;
}

const moved = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

const isKnown = ({ order, payment, claimedBy, intents }: OrderAccount): boolean =>
  Boolean(order || payment || claimedBy.length > 0 || intents.length > 0);

async function lookAgain(
  options: AuditOptions,
  { differences }: AuditResult,
  known: ReadonlyMap<string, StripeIntent[]>,
): Promise<void> {
  const knownOf = (orderId: string) => (known.get(orderId) ?? []).map(({ id }) => id);
  await whileDiffering(
    options,
    () => differences.size,
    async () => {
      for (const batch of batchesOf([...differences.keys()])) {
        for (const { account, differences: found } of await lookNow(options, batch, knownOf)) {
          if (found.length > 0) differences.set(account.orderId, found);
          else differences.delete(account.orderId);
        }
      }
    },
  );
}

/** Looks until the grace is over, or nothing differs any more. @param count how many orders differ */
async function whileDiffering(
  { clock, graceMs, everyMs, progress }: AuditOptions,
  count: () => number,
  look: () => Promise<void>,
): Promise<void> {
  const deadline = clock.now().getTime() + graceMs;
  while (count() > 0 && clock.now().getTime() < deadline) {
    const secondsLeft = Math.ceil((deadline - clock.now().getTime()) / 1000);
    progress(`${count()} orders differ, perhaps because they are under way: looked at again for ${secondsLeft} s`);
    await wait(everyMs);
    await look();
  }
}

/** What is on record of some orders now. @param knownOf the PaymentIntents that Stripe is known to have of an order */
async function lookNow(
  { books, stripe, clock, graceMs }: AuditOptions,
  orderIds: readonly string[],
  knownOf: (orderId: string) => readonly string[],
): Promise<OrderAudit[]> {
  const payments = await books.payments(orderIds);
  const intents = new Map<string, StripeIntent[]>();
  for (const orderId of orderIds) {
    const intentIds = new Set(knownOf(orderId));
    const current = payments.get(orderId)?.intentId;
    if (current) intentIds.add(current);
    intents.set(orderId, await stripe.readAgain([...intentIds]));
  }
  const kept = groupBy(await books.ticketsKept(orderIds), ({ orderId }) => orderId ?? '');
  const accounts = await accountsOf(books, orderIds, kept, intents);
  return accounts.map((account) => ({ account, differences: differencesOf(account, { now: clock.now(), graceMs }) }));
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
