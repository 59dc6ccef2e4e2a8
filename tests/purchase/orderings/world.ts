// One purchase in one process: the real apps of orders, tickets and payments over the in-process Dapr, the Stripe
// simulator, records in memory, and time that stands still until it is moved. Everything that happens is told to
// `befall`, line by line, in the same order each time.
import {
  type CloudEvent,
  connectSessions,
  createMetrics,
  createOutbox,
  type Dapr,
  NoAnswer,
  silentLog,
} from '@ticketing/common';
import {
  exampleEvent,
  type InProcessDapr,
  inProcessDapr,
  sessionCookieOf,
  type TestDatabase,
  type VirtualClock,
  virtualClock,
} from '@ticketing/common/testing';
import type { Model } from 'mongoose';
import { request } from 'undici';
import type { OrderRecord } from '../../../services/orders/src/data/order-model';
import type { Orders } from '../../../services/orders/src/data/orders';
import { startOrders } from '../../../services/orders/test/start-orders';
import { createApp, type Deps } from '../../../services/payments/src/app';
import type { PaymentRecord } from '../../../services/payments/src/data/payment-model';
import { type Payments, paymentsIn } from '../../../services/payments/src/data/payments';
import { type WebhookEventRecord, webhookEventsIn } from '../../../services/payments/src/data/webhook-events';
import { isFinished } from '../../../services/payments/src/domain/payment';
import { orderRefund } from '../../../services/payments/src/operate/order-refund';
import { askOrders, type Orders as OrdersSeen } from '../../../services/payments/src/orders/ask-orders';
import { chargeEventOf } from '../../../services/payments/src/payment-view';
import { reconcilePayments } from '../../../services/payments/src/reconcile/reconcile-payments';
import { workInHand } from '../../../services/payments/src/settlement/work-in-hand';
import type { StripePayments } from '../../../services/payments/src/stripe/stripe-payments';
import {
  type StripeInProcess,
  type StripeMemory,
  type StripeRequest,
  stripeInProcess,
  timedOut,
} from '../../../services/payments/test/stripe-in-process';
import type { TicketRecord } from '../../../services/tickets/src/data/ticket-model';
import { startTickets } from '../../../services/tickets/test/start-tickets';
import { type App, Crashed, type Fate, isOfRelay, type Line, linesOfCollection, type Take } from './lines';
import { type Doc, MemoryCollection } from './memory-collection';

export const cards = { good: '4242424242424242', declined: '4000000000000002' };
export const seller = 'ada';
export const buyer = 'bob';
export const priceCents = 4500;
const reconcileAfterMs = 15_000;
/** Events wait for the next delivery, not for a timer: who publishes when is then always the same. */
const lingerMs = 600_000;

const collections = ['tickets', 'orders', 'payments', 'webhook_events'] as const;
type CollectionName = (typeof collections)[number];

/** Where a story begins: everything that is stored anywhere, and what the buyer's browser knows. */
export interface Beginning {
  now: Date;
  records: Record<CollectionName, Doc[]>;
  stripe: StripeMemory;
  clientSecret: string | null;
}

/** What a twin takes away. */
export interface Removal {
  payments?: (stored: Payments) => Partial<Payments>;
  stripe?: (stripe: StripePayments) => Partial<StripePayments>;
  /** Orders, as payments asks it. */
  asked?: (orders: OrdersSeen) => Partial<OrdersSeen>;
  orders?: (stored: Orders) => Partial<Orders>;
  /** What becomes of payments' requests on their way to Stripe. */
  request?: (request: StripeRequest) => StripeRequest;
}

export type Befall = (line: Line) => Promise<Fate> | Fate;

export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

export interface World {
  dapr: InProcessDapr;
  /** Another story: nothing of those before is left, but for what the broker has seen. */
  begin(beginning: Beginning, befall: Befall): void;
  /** What this story has told, and what of it nobody could take. */
  told(): { published: CloudEvent[]; deadLetters: CloudEvent[] };
  stripe: StripeInProcess;
  /** Each capture that Stripe made, and what the order was at that moment. */
  captures: string[];
  /** What the buyer's browser was told, and confirms cards with. */
  clientSecret: string | null;
  order(): OrderRecord;
  payment(): PaymentRecord | undefined;
  ticket(): TicketRecord;
  webhookEvents(): WebhookEventRecord[];
  /** A request from outside; status 0 when the connection broke. */
  ask(
    app: App,
    method: string,
    path: string,
    more?: { user?: string; body?: unknown; stripeSignature?: string },
  ): Promise<Reply>;
  /** Delivers all events, and waits for all work, that whoever runs now has brought about. */
  settle(): Promise<void>;
  /**
   * The same, when a connection may have broken under whoever waited: what it asked for goes on all the same. Not for
   * those who come between, as whoever is halted is waited for.
   */
  settleAll(): Promise<void>;
  /** The window ends, and expiration says so. */
  expire(): Promise<void>;
  /** While `work` runs, what waits at `line` cannot go on: nobody waits for it. */
  whileHalted(line: Line, work: () => Promise<void>): Promise<void>;
  /** An operator's program decides to give the money back, and the running service has Stripe do it. */
  refund(): Promise<void>;
  /** The order was at its end when the story began: that was told before. */
  wasOver: boolean;
  /** The operator was told that it will be given back. */
  refundOrdered: boolean;
  /** One round of every sweeper and reconciler. */
  reconcile(): Promise<void>;
  /** Nothing is left to be done by anybody. */
  isQuiet(): boolean;
  remember(): Beginning;
  close(): Promise<void>;
}

export async function createWorld(removal: Removal = {}): Promise<World> {
  const clock = clockThatBeginsAnew();
  const dapr = inProcessDapr({ clock });
  let befall: Befall = () => 'go';
  let toldBefore = { published: 0, deadLetters: 0 };
  const memory = Object.fromEntries(collections.map((name) => [name, new MemoryCollection()])) as Record<
    CollectionName,
    MemoryCollection
  >;
  const captures: string[] = [];
  const stripe = stripeInProcess({
    clock,
    ...(removal.request ? { alter: removal.request } : {}),
    watch({ path }, { status, headers }) {
      const isFirst = headers['idempotent-replayed'] === undefined;
      if (path.endsWith('/capture') && status === 200 && isFirst) captures.push(world.order().status);
    },
  });
  const halted = new Set<Line>();
  let linesInHand = 0;
  const isRelayHalted = (app: App) => [...halted].some((line) => line.app === app && isOfRelay(line));

  const linesOf =
    (app: App, isAlive: () => boolean, crash: () => Promise<void>): Take =>
    async (given, work, lost = (line) => new Error(`no answer: ${line.what}`)) => {
      const line: Line = { app, ...given };
      if (!isAlive()) throw new Crashed(line.what);
      linesInHand += 1;
      try {
        const fate = await befall(line);
        if (fate === 'crash') await crash();
        if (!isAlive()) throw new Crashed(line.what);
        if (fate === 'lose request') throw lost(line);
        const result = await work();
        if (fate === 'lose answer') throw lost(line);
        return result;
      } finally {
        linesInHand -= 1;
      }
    };

  /** The services' own, with lines in it. */
  const ownOf = (app: App, take: Take): Dapr => {
    const own = dapr.of(app);
    return {
      ...own,
      events: {
        publish: (topic, events) =>
          take({ kind: 'publish', what: events.map(({ type }) => type).join(', ') }, () =>
            own.events.publish(topic, events),
          ),
      },
      invoker: {
        invoke: (invocation) =>
          take(
            { kind: 'invoke', what: `${invocation.method} ${invocation.app}/${invocation.path}` },
            () => own.invoker.invoke(invocation),
            () => new NoAnswer(invocation.app, 'the connection broke'),
          ),
      },
    };
  };
  const livesOn = (app: App): Take =>
    linesOf(
      app,
      () => true,
      async () => {
        throw new Error(`only payments dies here, not ${app}`);
      },
    );
  /** What a service's test set-up takes for Dapr and for a database. */
  const daprOf = (app: App, take: Take): InProcessDapr =>
    Object.assign(Object.create(dapr) as InProcessDapr, {
      of: () => ownOf(app, take),
      register: ((name, listener, options = {}) =>
        dapr.register(name, listener, {
          ...options,
          flush: async () => {
            await restarted;
            if (!isRelayHalted(app)) await options.flush?.();
          },
        })) satisfies InProcessDapr['register'],
    });
  const databaseOf = (name: CollectionName, take: Take): TestDatabase => {
    const collection = linesOfCollection(name, memory[name], take);
    return { connection: { model: () => ({ collection }) } } as unknown as TestDatabase;
  };

  const [inTickets, inOrders] = [livesOn('tickets'), livesOn('orders')];
  const tickets = await startTickets({
    dapr: daprOf('tickets', inTickets),
    database: databaseOf('tickets', inTickets),
    lingerMs,
  });
  const orders = await startOrders({
    dapr: daprOf('orders', inOrders),
    database: databaseOf('orders', inOrders),
    around: (stored) => ({ ...stored, ...removal.orders?.(stored) }),
    lingerMs,
  });

  /** Work that goes on after its answer, by whoever began it: those who are halted are not waited for. */
  let running = new Set<Promise<unknown>>();
  const idle = async () => {
    while (running.size > 0) await Promise.allSettled(running);
    await restarted;
  };

  /** Nobody gets anywhere while payments is being started again. */
  let restarted = Promise.resolve();
  const metrics = createMetrics('payments');
  const startPayments = async () => {
    let alive = true;
    const take = linesOf(
      'payments',
      () => alive,
      async () => {
        alive = false;
        void outbox.flush();
        restarted = startPayments().then((next) => {
          payments = next;
        });
        await restarted;
      },
    );
    const own = ownOf('payments', take);
    const modelOf = <Kept>(name: CollectionName) =>
      ({ collection: linesOfCollection(name, memory[name], take) }) as unknown as Model<Kept>;
    const outbox = createOutbox({
      model: modelOf<PaymentRecord>('payments'),
      topic: 'charges',
      toEvent: chargeEventOf,
      publisher: own.events,
      clock,
      log: silentLog,
      metrics,
      lingerMs,
    });
    const work = workInHand(silentLog);
    const stored = paymentsIn({ model: modelOf('payments'), announce: outbox.announce, clock, reconcileAfterMs });
    const seen = stripe.forPayments((what, send) => take({ kind: 'stripe', what }, send, timedOut));
    const asked = askOrders(own.invoker);
    const deps: Deps = {
      payments: { ...stored, ...removal.payments?.(stored) },
      webhookEvents: webhookEventsIn(modelOf<WebhookEventRecord>('webhook_events'), clock, reconcileAfterMs),
      stripe: { ...seen, ...removal.stripe?.(seen) },
      orders: { ...asked, ...removal.asked?.(asked) },
      rules: { maxDeclines: 3 },
      work: {
        ...work,
        begin(name, piece) {
          const mine = running;
          work.begin(name, async () => {
            const done = piece();
            mine.add(done);
            await done.finally(() => mine.delete(done));
          });
        },
      },
      // Nobody is held back: who comes at the same time is at another replica, and time that stands still ends no limit.
      limiter: { use: async () => undefined, giveBack: async () => undefined },
      opening: (_order, work) => work(),
      settling: (_order, work) => work(),
      sessions: (await connectSessions({ dapr: own, clock })).sessions,
      clock,
      log: silentLog,
      metrics,
      appApiToken: dapr.appToken,
    };
    const flush = async () => {
      await idle();
      if (!isRelayHalted('payments')) await outbox.flush();
    };
    await dapr.register('payments', createApp(deps), { flush });
    return {
      reconcile: () => reconcilePayments(deps),
      sweep: outbox.sweep,
      stop: () => outbox.flush(),
      /** The operator's program, as src/refund.ts is made. */
      operator: paymentsIn({ model: modelOf('payments'), announce: () => undefined, clock, reconcileAfterMs: 0 }),
    };
  };
  let payments = await startPayments();

  const one = <Kept>(name: CollectionName): Kept | undefined => memory[name].all()[0] as unknown as Kept | undefined;
  const known = <Kept>(name: CollectionName): Kept => {
    const found = one<Kept>(name);
    if (!found) throw new Error(`there is none in ${name}`);
    return found;
  };

  const world: World = {
    dapr,
    stripe,
    captures,
    clientSecret: null,
    wasOver: false,
    refundOrdered: false,
    begin(beginning, befallen) {
      for (const name of collections) memory[name].fill(beginning.records[name]);
      stripe.beginWith(beginning.stripe);
      clock.beginAt(beginning.now);
      world.clientSecret = beginning.clientSecret;
      world.wasOver = beginning.records.orders.some(({ status }) => status === 'Completed');
      world.refundOrdered = false;
      captures.length = 0;
      dapr.calls.length = 0;
      toldBefore = { published: dapr.published.length, deadLetters: dapr.deadLetters.length };
      befall = befallen;
    },
    told: () => ({
      published: dapr.published.slice(toldBefore.published).map(({ event }) => event),
      deadLetters: dapr.deadLetters.slice(toldBefore.deadLetters).map(({ event }) => event),
    }),
    order: () => known<OrderRecord>('orders'),
    payment: () => one<PaymentRecord>('payments'),
    ticket: () => known<TicketRecord>('tickets'),
    webhookEvents: () => memory.webhook_events.all() as unknown as WebhookEventRecord[],

    async ask(app, method, path, { user, body, stripeSignature } = {}) {
      await restarted;
      try {
        const answer = await request(`${dapr.urlOf(app)}${path}`, {
          method: method as 'POST',
          headers: {
            ...(user ? { cookie: sessionCookieOf(user, clock) } : {}),
            ...(stripeSignature ? { 'stripe-signature': stripeSignature } : {}),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        const text = await answer.body.text();
        return { status: answer.statusCode, body: text === '' ? {} : JSON.parse(text) };
      } catch (error) {
        if (isBrokenConnection(error)) return { status: 0, body: {} };
        throw error;
      }
    },

    async settle() {
      await idle();
      await dapr.settle();
    },

    async settleAll() {
      for (let calmTurns = 0; calmTurns < 3; ) {
        await nextTurn();
        calmTurns = linesInHand === 0 ? calmTurns + 1 : 0;
      }
      await world.settle();
    },

    async expire() {
      const { _id, expiresAt } = world.order();
      if (clock.now() < expiresAt) clock.set(expiresAt);
      const expired = exampleEvent('OrderExpired', { orderId: _id });
      await dapr.of('expiration').events.publish('expirations', [expired]);
      await world.settle();
    },

    async whileHalted(line, work) {
      const before = running;
      running = new Set();
      halted.add(line);
      try {
        await work();
      } finally {
        halted.delete(line);
        running = before;
      }
    },

    async refund() {
      try {
        const ordered = await orderRefund(payments.operator, world.order()._id);
        if (!ordered.found || !ordered.refundable) return;
        world.refundOrdered = true;
        await payments.reconcile();
      } catch (error) {
        if (!(error instanceof Crashed)) throw error;
      }
      await world.settle();
    },

    async reconcile() {
      await tickets.sweep();
      await orders.sweep();
      await unlessCrashed(payments.sweep());
      await world.settle();
      await unlessCrashed(payments.reconcile());
      await orders.reconcile();
      await tickets.reconcile();
      await world.settle();
    },

    isQuiet() {
      const payment = world.payment();
      const { orderId, sold, outbox } = world.ticket();
      const order = world.order();
      const isOver = order.status === 'Completed' || order.status === 'Cancelled';
      const outboxes = [outbox, order.outbox, payment?.outbox ?? []];
      return (
        isOver &&
        // What was given back is only looked at, for a month.
        (!payment || isFinished(payment) || payment.state === 'refunded') &&
        (sold || orderId === null) &&
        outboxes.every((entries) => entries.length === 0) &&
        world.webhookEvents().every(({ dueAt }) => dueAt === undefined)
      );
    },

    remember: () => ({
      now: clock.now(),
      records: Object.fromEntries(collections.map((name) => [name, memory[name].all()])) as Beginning['records'],
      stripe: stripe.remember(),
      clientSecret: world.clientSecret,
    }),

    async close() {
      await dapr.close();
      await payments.stop();
    },
  };
  return world;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** A round that dies with its process is followed by the next process's rounds. */
async function unlessCrashed(round: Promise<unknown>): Promise<void> {
  try {
    await round;
  } catch (error) {
    if (!(error instanceof Crashed)) throw error;
  }
}

const brokenConnection = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE']);
const isBrokenConnection = (error: unknown): boolean =>
  error instanceof Error && brokenConnection.has(String((error as { code?: unknown }).code));

/** Stands still until it is moved, and runs backwards only from the end of a story to the beginning of the next. */
function clockThatBeginsAnew(): VirtualClock & { beginAt(instant: Date): void } {
  let clock = virtualClock();
  return {
    now: () => clock.now(),
    advance: (ms) => clock.advance(ms),
    set: (instant) => clock.set(instant),
    beginAt(instant) {
      clock = virtualClock(instant);
    },
  };
}
