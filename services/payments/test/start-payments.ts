// The payments service in this process: the real `stripe` SDK against the Stripe simulator, a database of its own, the
// in-process Dapr, and a small app that answers in the place of orders.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createHttpApp,
  createMetrics,
  type EventData,
  type InternalOrder,
  newId,
  Problem,
  silentLog,
} from '@ticketing/common';
import {
  exampleEvent,
  type InProcessDapr,
  limiterByClock,
  sessionCookieOf,
  startRecords,
  type TestDatabase,
} from '@ticketing/common/testing';
import { type Application, Router } from 'express';
import type { Model } from 'mongoose';
import Stripe from 'stripe';
import request from 'supertest';
import { confirmCard, type Fault, startStripeSimulator } from '../../../dapr/local/src/stripe-simulator';
import { createApp, type Deps } from '../src/app';
import { type PaymentRecord, paymentModel } from '../src/data/payment-model';
import { paymentsIn } from '../src/data/payments';
import { webhookEventModel, webhookEventsIn } from '../src/data/webhook-events';
import { askOrders } from '../src/orders/ask-orders';
import { chargeEventOf } from '../src/payment-view';
import { reconcilePayments } from '../src/reconcile/reconcile-payments';
import { tellRefunds } from '../src/reconcile/tell-refunds';
import { workInHand } from '../src/settlement/work-in-hand';
import { readStripeSecret } from '../src/stripe/read-stripe-secret';
import { connectStripe } from '../src/stripe/stripe-payments';

export const cards = {
  approved: '4242424242424242',
  declined: '4000000000000002',
  insufficientFunds: '4000000000009995',
  asksForAuthentication: '4000002760003184',
};
export const reconcileAfterMs = 15_000;
export const holdMs = 15 * 60_000;
const keys = { secretKey: 'sk_test_x', publishableKey: 'pk_test_x', webhookSecret: 'whsec_x' };

export interface StandInOrder extends InternalOrder {
  beginCaptureCalls: number;
}

export interface RunningPayments {
  app: Application;
  dapr: InProcessDapr;
  database: TestDatabase;
  model: Model<PaymentRecord>;
  deps: Deps;
  /** What orders knows; it answers `begin-capture` as orders does. */
  orders: Map<string, StandInOrder>;
  /** Stripe as an operator sees it. */
  stripe: Stripe;
  stripeUrl: string;
  /** Resolves when what was answered early is worked off. */
  idle(): Promise<void>;
  reconcile(): Promise<number>;
  tellRefunds(): Promise<void>;
  /** A fault of the simulator's; it refuses one that it does not know. */
  misbehave(fault: { kind: Fault['kind'] } & Record<string, unknown>): Promise<void>;
  behave(): Promise<void>;
  close(): Promise<void>;
}

export interface StartPaymentsOptions {
  /** Has the simulator post its webhooks here. */
  webhooks?: boolean;
  timeoutMs?: number;
  maxDeclines?: number;
}

export async function startPayments(options: StartPaymentsOptions = {}) {
  const { webhooks = false, timeoutMs = 2_000, maxDeclines = 3 } = options;
  const records = await startRecords('payments', {
    models: (connection) => ({ payments: paymentModel(connection), webhookEvents: webhookEventModel(connection) }),
    outbox: ({ payments }) => ({ model: payments, topic: 'charges', toEvent: chargeEventOf }),
  });
  const { dapr, own, clock, database, models, outbox, metrics, sessions } = records;
  const { payments: model, webhookEvents: webhookModel } = models;

  let listener: RequestListener = (_req, res) => void res.writeHead(503).end();
  const endpoint = createServer((req, res) => listener(req, res)).listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const webhookUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/api/payments/webhook`;
  const simulator = await startStripeSimulator({
    port: 0,
    ...keys,
    clock,
    webhookRetryMs: 50,
    ...(webhooks ? { webhookUrl } : {}),
  });

  const orders = new Map<string, StandInOrder>();
  await dapr.register('orders', ordersStandIn(dapr, orders));

  const work = workInHand(silentLog);
  const payments = paymentsIn({ model, announce: outbox.announce, clock, reconcileAfterMs });
  const deps: Deps = {
    payments,
    webhookEvents: webhookEventsIn(webhookModel, clock, reconcileAfterMs),
    stripe: connectStripe({ ...(await readStripeSecret(own)), apiUrl: simulator.url, timeoutMs }),
    orders: askOrders(own.invoker),
    rules: { maxDeclines },
    work,
    limiter: limiterByClock(clock),
    // Each request as if it were at a replica of its own, where nobody waits for his turn.
    opening: (_order, work) => work(),
    settling: (_order, work) => work(),
    sessions,
    clock,
    log: silentLog,
    metrics,
    appApiToken: dapr.appToken,
  };
  const app = createApp(deps);
  listener = app;
  await records.register(app);

  const admin = (method: string, path: string, body?: unknown) =>
    fetch(`${simulator.url}/_admin/${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const { port, hostname } = new URL(simulator.url);
  const running: RunningPayments = {
    app,
    dapr,
    database,
    model,
    deps,
    orders,
    stripe: new Stripe(keys.secretKey, { host: hostname, port, protocol: 'http', telemetry: false }),
    stripeUrl: simulator.url,
    idle: () => work.stop(),
    reconcile: () => reconcilePayments(deps),
    tellRefunds: () => tellRefunds({ ...deps, payments }),
    async misbehave(fault) {
      const answer = await admin('POST', 'faults', fault);
      if (answer.status !== 201) throw new Error(await answer.text());
    },
    behave: async () => void (await admin('DELETE', 'faults')),
    async close() {
      await simulator.stop();
      endpoint.closeAllConnections();
      await new Promise((resolve) => endpoint.close(resolve));
      await work.stop();
      await records.close();
    },
  };
  return running;
}

/** For a whole test file: started before its tests, without faults after each of them, stopped after all. */
export function sharedPayments(options?: StartPaymentsOptions): RunningPayments {
  const running = {} as RunningPayments;
  beforeAll(async () => Object.assign(running, await startPayments(options)));
  afterEach(async () => {
    running.dapr.faults = {};
    await running.behave();
  });
  afterAll(() => running.close());
  return running;
}

/** Answers as orders does, by the rules of the purchase protocol; the test decides what became of an order. */
function ordersStandIn(dapr: InProcessDapr, orders: Map<string, StandInOrder>): Application {
  const internalRoutes = Router();
  const known = (id: unknown) => {
    const order = orders.get(String(id));
    if (!order) throw new Problem(404, 'UnknownOrder', 'There is no such order.');
    return order;
  };
  internalRoutes.get('/orders/:id', (req, res) => {
    res.json(known(req.params.id));
  });
  internalRoutes.post('/orders/:id/begin-capture', (req, res) => {
    const order = known(req.params.id);
    order.beginCaptureCalls++;
    if (order.status === 'AwaitingPayment') {
      order.status = new Date(order.expiresAt) > dapr.clock.now() ? 'Capturing' : 'Cancelled';
    }
    res.json({ granted: order.status === 'Capturing' || order.status === 'Completed', status: order.status });
  });
  return createHttpApp({
    log: silentLog,
    metrics: createMetrics('orders'),
    internalRoutes,
    appApiToken: dapr.appToken,
  });
}

/** An order that awaits payment, with whatever the test wants otherwise. */
export function placeOrder(running: RunningPayments, more: Partial<InternalOrder> = {}): StandInOrder {
  const order: StandInOrder = {
    id: newId(),
    userId: newId(),
    status: 'AwaitingPayment',
    expiresAt: new Date(running.dapr.clock.now().getTime() + holdMs).toISOString(),
    price: 4500,
    currency: 'usd',
    ticket: { id: newId(), title: 'Ada and the Engines', sellerId: newId() },
    beginCaptureCalls: 0,
    ...more,
  };
  running.orders.set(order.id, order);
  return order;
}

type Buyer = Pick<StandInOrder, 'id' | 'userId'>;

export const cookieOf = ({ dapr }: RunningPayments, userId: string) => sessionCookieOf(userId, dapr.clock);

export const postPayment = (running: RunningPayments, { id, userId }: Buyer) =>
  request(running.app).post('/api/payments').set('Cookie', cookieOf(running, userId)).send({ orderId: id });

export const settle = (running: RunningPayments, { id, userId }: Buyer) =>
  request(running.app).post(`/api/payments/${id}/settle`).set('Cookie', cookieOf(running, userId)).send();

export const listCharges = (running: RunningPayments, { id, userId }: Buyer) =>
  request(running.app).get('/api/payments').query({ orderId: id }).set('Cookie', cookieOf(running, userId));

export interface Opened {
  id: string;
  clientSecret: string;
  publishableKey: string;
  amount: number;
  currency: string;
}

export async function opened(running: RunningPayments, order: Buyer): Promise<Opened> {
  const answer = await postPayment(running, order);
  if (answer.status !== 201) throw new Error(`could not open a payment: ${answer.status} ${answer.text}`);
  return answer.body as Opened;
}

/** What the buyer's browser does with a card. */
export const confirm = (running: RunningPayments, { clientSecret, publishableKey }: Opened, cardNumber: string) =>
  confirmCard({ url: running.stripeUrl, publishableKey, clientSecret, cardNumber });

/** Opened, the card approved, not settled. */
export async function authorised(running: RunningPayments, order: Buyer): Promise<Opened> {
  const payment = await opened(running, order);
  await confirm(running, payment, cards.approved);
  return payment;
}

export async function captured(running: RunningPayments, order: Buyer): Promise<Opened> {
  const payment = await authorised(running, order);
  const answer = await settle(running, order);
  if (answer.body.status !== 'Completed') throw new Error(`not captured: ${answer.status} ${answer.text}`);
  return payment;
}

/** @throws when the order has no payment */
export async function stored({ model }: RunningPayments, { id }: Pick<Buyer, 'id'>): Promise<PaymentRecord> {
  const record = await model.findById(id).lean<PaymentRecord>();
  if (!record) throw new Error(`order ${id} has no payment`);
  return record;
}

export const intentsOf = async (
  { stripe }: RunningPayments,
  { id }: Pick<Buyer, 'id'>,
): Promise<Stripe.PaymentIntent[]> =>
  (await stripe.paymentIntents.list({ limit: 100 })).data.filter(({ metadata }) => metadata.orderId === id);

/** The one PaymentIntent of the order. @throws when there are more or fewer */
export async function intentOf(running: RunningPayments, order: Pick<Buyer, 'id'>): Promise<Stripe.PaymentIntent> {
  const [intent, ...others] = await intentsOf(running, order);
  if (!intent || others.length > 0)
    throw new Error(`order ${order.id} has ${others.length + (intent ? 1 : 0)} intents`);
  return intent;
}

/** What orders would publish, delivered, and what comes of it done. */
export async function cancelOrder(running: RunningPayments, order: StandInOrder): Promise<void> {
  await tellCancelled(running, order);
  await running.idle();
}

/** What orders would publish, delivered: the event is done. */
export async function tellCancelled(running: RunningPayments, order: StandInOrder): Promise<void> {
  order.status = 'Cancelled';
  await running.dapr.of('orders').events.publish('orders', [orderCancelled(order)]);
  await running.dapr.settle();
}

/** What orders would publish, delivered. */
export async function completeOrder(running: RunningPayments, order: StandInOrder): Promise<void> {
  order.status = 'Completed';
  const { id, userId, price, expiresAt } = order;
  const completed = exampleEvent('OrderCompleted', { id, userId, price: price ?? 0, expiresAt });
  await running.dapr.of('orders').events.publish('orders', [completed]);
  await running.dapr.settle();
}

export const orderCancelled = (order: StandInOrder) =>
  exampleEvent('OrderCancelled', {
    id: order.id,
    userId: order.userId,
    price: order.price ?? 0,
    expiresAt: order.expiresAt,
  });

/** What was published about the order, in order. */
export async function publishedOf(running: RunningPayments, { id }: Pick<Buyer, 'id'>) {
  await running.dapr.settle();
  return running.dapr.published
    .filter(({ topic, event }) => topic === 'charges' && event.subject === id)
    .map(({ event }) => ({ type: event.type, id: event.id, data: event.data as EventData<'ChargeFailed'> }));
}
