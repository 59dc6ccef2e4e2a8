// One life of the marketplace, drawn from a seed: sellers list, edit and delete, buyers buy, repeat, cancel and pay, time
// passes, calls are lost, events are repeated and delayed, processes die between any two steps and come back. Then all
// faults end, time passes, the reconcilers run, and the auditor reads the books.
import { chaos, type SeededRandom, seededRandom } from '@ticketing/common/testing';
import { windowMs } from '../../services/orders/test/start-orders';
import type { Tickets } from '../../services/tickets/src/data/tickets';
import { auditEnd, auditNow } from './audit';
import { createHazards, type Hazards } from './hazards';
import { type Databases, type Marketplace, startMarketplace } from './marketplace';

export interface ChaosOptions {
  seed: number;
  databases: Databases;
  steps?: number;
  /** Takes a guard away. */
  sabotage?: (stored: Tickets) => Partial<Tickets>;
}

export interface ChaosResult {
  violations: string[];
  /** What was done, in order. */
  journal: string[];
}

const sellers = ['ada', 'grace'];
const buyers = ['bob', 'eve', 'carol', 'ada'];
const mostTickets = 4;
/** Events wait for the next delivery, not for a timer: the same seed then publishes the same batches. */
const lingerMs = 600_000;

export async function playChaos({ seed, databases, steps = 60, sabotage }: ChaosOptions): Promise<ChaosResult> {
  await databases.tickets.clear();
  await databases.orders.clear();
  const random = seededRandom(seed);
  const hazards = createHazards(seed, { crash: 0.03, halt: 0.12 });
  const generations = { tickets: 0, orders: 0 };
  const withHazards = <Store extends object>(app: keyof typeof generations, store: Store): Store => {
    const generation = ++generations[app];
    return hazards.around(store, () => generations[app] !== generation);
  };
  let ids = 0;
  const market = await startMarketplace({
    seed,
    databases,
    newId: () => `${seed.toString(16).padStart(8, '0')}${(++ids).toString(16).padStart(16, '0')}`,
    tickets: {
      around: (stored) => withHazards('tickets', { ...stored, ...sabotage?.(stored) }),
      lingerMs,
    },
    orders: { around: (stored) => withHazards('orders', stored), lingerMs, holdTimeoutMs: 60_000 },
  });
  market.dapr.faults = chaos(random, { lost: 0.08, repeat: 0.1, delay: 0.15, crash: 0.05 });
  const life = createLife(market, hazards, random);
  const violations: string[] = [];
  try {
    for (let step = 0; step < steps && violations.length === 0; step++) {
      await life.step();
      violations.push(...(await auditNow(market)));
    }
    market.dapr.faults = {};
    hazards.end();
    await life.end();
    if (violations.length === 0) {
      await market.mend();
      violations.push(...(await auditEnd(market)));
    }
    return { violations, journal: life.journal };
  } finally {
    await market.close();
  }
}

interface Life {
  journal: string[];
  step(): Promise<void>;
  /** Lets all that is halted go on, and waits for all that is under way. */
  end(): Promise<void>;
}

function createLife(market: Marketplace, hazards: Hazards, random: SeededRandom): Life {
  const journal: string[] = [];
  const ticketIds: string[] = [];
  const orders: { id: string; buyer: string }[] = [];
  const purchases: { buyer: string; ticketId: string; key: string }[] = [];
  const underWay = new Set<Promise<void>>();
  let actions = 0;

  const one = <T>(from: readonly T[]): T | undefined => from[random.below(from.length)];

  /** A request of a browser; when its connection breaks, the browser knows as much as before. */
  const ask = async (
    app: 'tickets' | 'orders',
    method: string,
    path: string,
    user: string,
    body?: object,
    key?: string,
  ) => {
    actions += 1;
    const traceparent = `00-${actions.toString(16).padStart(32, '0')}-00000000000000ff-01`;
    hazards.haltable.add(traceparent);
    const headers = { traceparent };
    try {
      return await market.ask(app, method, path, { user, body, key, headers });
    } catch (error) {
      if (error instanceof TypeError) return { status: 0, body: {} };
      throw error;
    } finally {
      hazards.haltable.delete(traceparent);
    }
  };

  const buy = async (buyer: string, ticketId: string, key: string) => {
    const { status, body } = await ask('orders', 'POST', '/api/orders', buyer, { ticketId }, key);
    journal.push(`  ${buyer} on ${short(ticketId)}: ${status}`);
    const id = body.id ?? body.orderId;
    if (id && !orders.some((order) => order.id === id)) orders.push({ id, buyer });
  };

  const doings: [weight: number, name: string, doing: () => Promise<unknown> | undefined][] = [
    [
      6,
      'list',
      async () => {
        if (ticketIds.length >= mostTickets) return;
        const startsInMs = (1 + random.below(3)) * (windowMs / 2);
        const startsAt = new Date(market.dapr.clock.now().getTime() + startsInMs).toISOString();
        const body = { title: 'Ada', price: 100 + random.below(3), ...(random.next() < 0.5 ? { startsAt } : {}) };
        const answer = await ask('tickets', 'POST', '/api/tickets', one(sellers) ?? '', body);
        if (answer.body.id) ticketIds.push(answer.body.id);
      },
    ],
    [
      5,
      'edit',
      () => {
        const id = one(ticketIds);
        const body = { title: 'Ada', price: 100 + random.below(900) };
        return id === undefined ? undefined : ask('tickets', 'PUT', `/api/tickets/${id}`, one(sellers) ?? '', body);
      },
    ],
    [
      1,
      'delete',
      () => {
        const id = one(ticketIds);
        return id === undefined ? undefined : ask('tickets', 'DELETE', `/api/tickets/${id}`, one(sellers) ?? '');
      },
    ],
    [
      14,
      'buy',
      () => {
        const [buyer, ticketId] = [one(buyers), one(ticketIds)];
        if (!buyer || !ticketId) return undefined;
        const key = `key-${purchases.length}`;
        purchases.push({ buyer, ticketId, key });
        return buy(buyer, ticketId, key);
      },
    ],
    [
      6,
      'repeat',
      () => {
        const again = one(purchases);
        return again && buy(again.buyer, again.ticketId, again.key);
      },
    ],
    [
      4,
      'cancel',
      () => {
        const order = one(orders);
        return order && ask('orders', 'DELETE', `/api/orders/${order.id}`, order.buyer);
      },
    ],
    [
      5,
      'pay',
      () => {
        const order = one(orders);
        return order && market.pay(order.id);
      },
    ],
    [2, 'yes, and payments dies', () => withOrder(yes)],
    [1, 'decline finally', () => withOrder((id) => market.payments.declineFinally(id))],
    [12, 'deliver', () => market.dapr.settle()],
    [3, 'a moment', () => market.dapr.advance(11_000)],
    [1, 'a window', () => market.dapr.advance(windowMs + 1_000)],
    [2, 'reconcile holds', () => market.tickets.reconcile()],
    [2, 'end sales', () => market.tickets.endSales()],
    [2, 'reconcile orders', () => market.orders.reconcile()],
    [2, 'reconcile payments', () => market.payments.reconcile()],
    [1, 'sweep', () => market.tickets.sweep().then(market.orders.sweep)],
    [1, 'kill tickets', () => market.restart('tickets')],
    [1, 'kill orders', () => market.restart('orders')],
  ];
  // Payments asks for what is authorised only: what was declined for good was told of, whoever has not heard it yet.
  const yes = (id: string) => {
    market.payments.authorise(id);
    return market.payments.payments.get(id)?.state === 'authorised' ? market.payments.ask(id) : undefined;
  };
  const withOrder = (work: (id: string) => Promise<unknown> | undefined) => {
    const order = one(orders);
    return order && work(order.id);
  };
  const bag = doings.flatMap(([weight, name, doing]) => Array.from({ length: weight }, () => ({ name, doing })));

  const untilQuiet = (moving: Promise<unknown>) => Promise.race([moving, hazards.nextHalt()]);

  const start = async (doing: () => Promise<unknown> | undefined) => {
    // What a crash or a lost answer makes of a round is the next round's to mend.
    const done = Promise.resolve(doing()).then(
      () => undefined,
      (error: unknown) => void journal.push(`  failed: ${error instanceof Error ? error.message : error}`),
    );
    underWay.add(done);
    void done.then(() => underWay.delete(done));
    await untilQuiet(done);
  };

  const goOn = async () => {
    const halt = hazards.nextHalt();
    const { stepDone, awaited } = hazards.goOn(random.below(hazards.halted()));
    // One that is dead may be halted again, after its step.
    await Promise.race([...(awaited ? underWay : [stepDone]), halt]);
  };

  return {
    journal,
    async step() {
      if (hazards.halted() > 0 && random.next() < 0.3) {
        journal.push('go on');
        return goOn();
      }
      const next = bag[random.below(bag.length)];
      if (!next) throw new Error('there is nothing to do');
      journal.push(next.name);
      await start(next.doing);
    },
    async end() {
      while (hazards.halted() > 0) await hazards.goOn(0).stepDone;
      await Promise.all(underWay);
    },
  };
}

const short = (id: string): string => id.replace(/^.{8}0*/, '');
