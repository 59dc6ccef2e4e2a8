// The services that a purchase goes through, in one process: the real tickets, orders and expiration, each on a database
// of its own, and payments with a Stripe that is a table.
import { createMetrics, ensureIndexes, type NewId, newId, silentLog } from '@ticketing/common';
import { type InProcessDapr, inProcessDapr, type TestDatabase, testDatabase } from '@ticketing/common/testing';
import { orderExpiry } from '../../services/expiration/src/actors/order-expiry';
import { createApp as createExpiration } from '../../services/expiration/src/app';
import { orderWatches } from '../../services/expiration/src/order-watches';
import { askOrders } from '../../services/expiration/src/orders/ask-orders';
import { orderModel } from '../../services/orders/src/data/order-model';
import {
  type RunningOrders,
  requestBudgetMs,
  type StartOrdersOptions,
  startOrders,
  windowMs,
} from '../../services/orders/test/start-orders';
import { ticketModel } from '../../services/tickets/src/data/ticket-model';
import { type RunningTickets, type StartTicketsOptions, startTickets } from '../../services/tickets/test/start-tickets';
import { type PaymentsStandIn, startPayments } from './payments-stand-in';

export interface Databases {
  tickets: TestDatabase;
  orders: TestDatabase;
}

export interface MarketplaceOptions {
  seed?: number;
  /** Emptied and shared between marketplaces, and closed by whoever made them. */
  databases?: Databases;
  tickets?: Omit<StartTicketsOptions, 'dapr' | 'database'>;
  orders?: Omit<StartOrdersOptions, 'dapr' | 'database'>;
  newId?: NewId;
}

export interface Answer {
  status: number;
  body: Record<string, unknown> & { id?: string; orderId?: string; status?: string };
}

export interface Marketplace {
  dapr: InProcessDapr;
  payments: PaymentsStandIn;
  readonly tickets: RunningTickets;
  readonly orders: RunningOrders;
  /** Asks a service by its public routes, signed in as `user`. */
  ask(app: 'tickets' | 'orders', method: string, path: string, options?: AskOptions): Promise<Answer>;
  list(seller: string, ticket?: { title?: string; price?: number; startsAt?: string }): Promise<string>;
  /** The order's id. @throws when it was not placed */
  buy(buyer: string, ticketId: string, key?: string): Promise<string>;
  cancel(buyer: string, orderId: string): Promise<number>;
  pay(orderId: string): Promise<void>;
  /** The process dies and comes back: what it has stored is there, what it held in memory is not. */
  restart(app: 'tickets' | 'orders'): Promise<void>;
  /** Lets all reconcilers run, and time pass, until everything that must end has had its chance. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

export interface AskOptions {
  user?: string;
  body?: unknown;
  key?: string | undefined;
  headers?: Record<string, string>;
}

const reminderPeriodMs = 5_000;

/** Databases with their indexes, for several marketplaces one after the other. */
export async function openDatabases(): Promise<Databases> {
  const databases = { tickets: await testDatabase(), orders: await testDatabase() };
  ticketModel(databases.tickets.connection);
  orderModel(databases.orders.connection);
  for (const { connection } of Object.values(databases)) await ensureIndexes(connection);
  return databases;
}

export async function closeDatabases({ tickets, orders }: Databases): Promise<void> {
  await tickets.close();
  await orders.close();
}

export async function startMarketplace(options: MarketplaceOptions = {}): Promise<Marketplace> {
  const dapr = inProcessDapr({ seed: options.seed ?? 1 });
  const databases = options.databases ?? (await openDatabases());
  const ids = options.newId ? { newId: options.newId } : {};
  const startedTickets = () => startTickets({ ...options.tickets, ...ids, dapr, database: databases.tickets });
  const startedOrders = () => startOrders({ ...options.orders, ...ids, dapr, database: databases.orders });
  let tickets = await startedTickets();
  let orders = await startedOrders();
  const payments = await startPayments(dapr);
  await startExpiration(dapr, options.newId ?? newId);

  const market: Marketplace = {
    dapr,
    payments,
    get tickets() {
      return tickets;
    },
    get orders() {
      return orders;
    },
    async ask(app, method, path, { user, body, key, headers = {} } = {}) {
      const answer = await fetch(`${dapr.urlOf(app)}${path}`, {
        method,
        headers: {
          ...headers,
          ...(user ? { cookie: tickets.cookieOf(user) } : {}),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
    },
    async list(seller, { title = 'Ada and the Engines', price = 4500, ...event } = {}) {
      const body = { title, price, ...event };
      const answer = await market.ask('tickets', 'POST', '/api/tickets', { user: seller, body });
      return expectId(answer, 201);
    },
    async buy(buyer, ticketId, key) {
      return expectId(await market.ask('orders', 'POST', '/api/orders', { user: buyer, body: { ticketId }, key }), 201);
    },
    cancel: async (buyer, orderId) =>
      (await market.ask('orders', 'DELETE', `/api/orders/${orderId}`, { user: buyer })).status,
    async pay(orderId) {
      payments.authorise(orderId);
      await payments.settle(orderId);
    },
    async restart(app) {
      if (app === 'tickets') {
        await tickets.kill();
        tickets = await startedTickets();
      } else {
        await orders.kill();
        orders = await startedOrders();
      }
    },
    async mend() {
      for (let round = 0; round < 4; round++) {
        await tickets.sweep();
        await orders.sweep();
        await dapr.settle();
        for (const topic of ['orders', 'charges', 'expirations'] as const) dapr.replayDeadLetters(topic);
        await payments.reconcile();
        await orders.reconcile();
        await tickets.reconcile();
        await tickets.endSales();
        await dapr.advance(round === 0 ? windowMs + requestBudgetMs : 2 * 60_000);
      }
    },
    async close() {
      await tickets.close();
      await orders.close();
      if (!options.databases) await closeDatabases(databases);
    },
  };
  return market;
}

async function startExpiration(dapr: InProcessDapr, ids: NewId): Promise<void> {
  const own = dapr.of('expiration');
  const definition = orderExpiry({
    events: own.events,
    orderStatus: askOrders(own.invoker),
    clock: dapr.clock,
    newId: ids,
    periodMs: reminderPeriodMs,
  });
  const app = createExpiration({
    watches: orderWatches(own.actors),
    log: silentLog,
    metrics: createMetrics('expiration'),
    appApiToken: dapr.appToken,
  });
  await dapr.register('expiration', app, { actors: [definition] });
}

function expectId({ status, body }: Answer, expected: number): string {
  if (status !== expected || !body.id) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body.id;
}
