// Every rule of the purchase protocol that tickets and orders keep, and its twin: the same story told once with the
// guard, and nothing is wrong; and once with the guard taken away, here in the test, and the auditor finds the failure
// that the protocol names. Rules 8, 10 and 13 to 16 are kept by expiration and payments, and have their twins there.
import { idFrom, newId } from '@ticketing/common';
import { exampleEvent } from '@ticketing/common/testing';
import type { OrderRecord } from '../../services/orders/src/data/order-model';
import type { Orders } from '../../services/orders/src/data/orders';
import { beginCapture, type Decision, type Order } from '../../services/orders/src/domain/order';
import { placeOrder } from '../../services/orders/src/place-order';
import {
  capturingMs,
  requestBudgetMs,
  type StartOrdersOptions,
  windowMs,
} from '../../services/orders/test/start-orders';
import type { TicketRecord } from '../../services/tickets/src/data/ticket-model';
import type { Tickets } from '../../services/tickets/src/data/tickets';
import type { StartTicketsOptions } from '../../services/tickets/test/start-tickets';
import { auditEnd, auditNow } from './audit';
import { closeDatabases, type Databases, type Marketplace, openDatabases, startMarketplace } from './marketplace';
import { emptyStage, type Stage } from './stage';

/** As long as a race may take: each story is short, the machine may be busy. */
jest.setTimeout(60_000);

let databases: Databases;
beforeAll(async () => {
  databases = await openDatabases();
});
afterAll(() => closeDatabases(databases));

interface Removal {
  tickets?: (stored: Tickets) => Partial<Tickets>;
  orders?: (stored: Orders) => Partial<Orders>;
  aroundAbandon?: StartTicketsOptions['aroundAbandon'];
  paymentOutcome?: StartOrdersOptions['paymentOutcome'];
}

interface Twin {
  rule: string;
  without: string;
  failure: RegExp;
  /** Only time shows the failure. */
  inTheEnd?: boolean;
  remove: (stage: Stage) => Removal;
  story: (market: Marketplace, stage: Stage, guarded: boolean) => Promise<void>;
}

/** A write that looks at nothing but the ticket's id. */
async function overwrite(id: string, set: Partial<TicketRecord>): Promise<TicketRecord | null> {
  const entry = { id: 'overwritten', key: newId(), type: 'ticket.updated', at: new Date() };
  const update = { $set: set, $inc: { version: 1 }, $push: { outbox: entry } };
  const collection = databases.tickets.connection.collection('tickets');
  const options = { returnDocument: 'after' as const };
  const written = await collection.findOneAndUpdate({ _id: id } as never, update as never, options);
  return written as unknown as TicketRecord | null;
}
const holdAnyway = ([id, { orderId, buyerId }, now, holdCheckAt]: Parameters<
  Tickets['hold']
>): Promise<TicketRecord | null> =>
  overwrite(id, { orderId, heldBy: buyerId, heldAt: now, forSale: false, holdCheckAt });

/** Holds that are refused for what the ticket is, granted nevertheless. */
const holdingAlso = (is: (ticket: TicketRecord) => boolean) => () => ({
  tickets: (stored: Tickets): Partial<Tickets> => ({
    async hold(...asked) {
      const held = await stored.hold(...asked);
      const refused = held ? null : await stored.find(asked[0]);
      return refused && is(refused) ? holdAnyway(asked) : held;
    },
  }),
});

type Decide = (order: Order) => Decision<string>;
type Change = (id: string, decide: Decide, now: Date) => ReturnType<Orders['change']>;
const changing = (change: (stored: Change) => Change) => ({
  orders: (stored: Orders): Partial<Orders> => ({ change: change(stored.change as Change) as Orders['change'] }),
});
/** Decisions that are answered, and not stored. */
const unstored = (which: (decided: Order) => boolean) => ({
  orders: (stored: Orders): Partial<Orders> => ({
    change: (async (id: string, decide: Decide, now: Date) => {
      const order = await stored.find(id);
      const decision = order && decide(order);
      return order && decision?.kind === 'change' && which(decision.order)
        ? { kind: 'changed', order: { ...order, ...decision.order, outbox: [] } }
        : stored.change(id, decide, now);
    }) as Orders['change'],
  }),
});

const order = (market: Marketplace, user: string, ticketId: string, key?: string) =>
  market.ask('orders', 'POST', '/api/orders', { user, body: { ticketId }, key });

/** Bob's hold is granted, and his order is so slow to be written that tickets asks about it; Eve buys meanwhile. */
const lateInsert =
  (waitMs = 0): Twin['story'] =>
  async (market, { insert }) => {
    const ticketId = await market.list('ada');
    const halt = insert.haltNext();
    const bob = order(market, 'bob', ticketId, 'slow');
    await halt.arrived;
    market.dapr.clock.advance(requestBudgetMs);
    await market.tickets.reconcile();
    market.dapr.clock.advance(waitMs);
    await market.buy('eve', ticketId);
    halt.goOn();
    await bob;
  };

/** Bob's money is about to be taken: orders has said yes. */
async function yesToBob(market: Marketplace): Promise<string> {
  const orderId = await market.buy('bob', await market.list('ada'));
  market.payments.authorise(orderId);
  expect(await market.payments.ask(orderId)).toBe('yes');
  return orderId;
}

const dayMs = 24 * 3600 * 1000;

const twins: Twin[] = [
  {
    rule: '1',
    without: 'the ticket in the order’s id',
    failure: /sold to nobody/,
    inTheEnd: true,
    remove: () => ({}),
    async story(market, _stage, guarded) {
      const orderId = idFrom('order', 'bob', 'key');
      for (const ticketId of [await market.list('ada'), await market.list('ada')]) {
        if (guarded) await order(market, 'bob', ticketId, 'key');
        else await placeOrder(market.orders.placing, { orderId, buyerId: 'bob', ticketId });
      }
      for (const { _id } of await market.orders.model.find().lean()) await market.pay(_id);
    },
  },
  {
    rule: '2',
    without: 'the compare-and-set of a hold (it looks, and then writes)',
    failure: /two live orders/,
    remove: ({ hold }) => ({
      tickets: (stored) => ({
        async hold(...asked) {
          const seen = await stored.find(asked[0]);
          await hold.pass();
          return seen?.forSale ? holdAnyway(asked) : null;
        },
      }),
    }),
    async story(market, { hold }) {
      const ticketId = await market.list('ada');
      const halts = [hold.haltNext(), hold.haltNext()];
      const buying = Promise.all(['bob', 'eve'].map((buyer) => order(market, buyer, ticketId)));
      for (const { arrived } of halts) await arrived;
      for (const { goOn } of halts) goOn();
      await buying;
    },
  },
  {
    rule: '2',
    without: 'a look at whether the ticket is sold',
    failure: /sold twice/,
    remove: holdingAlso(({ sold }) => sold),
    async story(market) {
      const ticketId = await market.list('ada');
      for (const buyer of ['bob', 'eve']) {
        const { body } = await order(market, buyer, ticketId);
        if (body.id) await market.pay(body.id);
        await market.dapr.settle();
      }
    },
  },
  {
    rule: '2',
    without: 'a look at whether the ticket is deleted',
    failure: /a deleted one sold/,
    remove: holdingAlso(({ deleted }) => deleted),
    async story(market) {
      const ticketId = await market.list('ada');
      await market.ask('tickets', 'DELETE', `/api/tickets/${ticketId}`, { user: 'ada' });
      await order(market, 'bob', ticketId);
    },
  },
  {
    rule: '2',
    without: 'a look at whether the event has begun',
    failure: /bought after it began/,
    remove: holdingAlso(({ orderId }) => orderId === null),
    async story(market) {
      const startsAt = new Date(market.dapr.clock.now().getTime() + 60_000).toISOString();
      const ticketId = await market.list('ada', { startsAt });
      market.dapr.clock.advance(60_001);
      await order(market, 'bob', ticketId);
    },
  },
  {
    rule: '3',
    without: 'insert only (it upserts)',
    failure: /two live orders/,
    remove: () => ({
      orders: (stored) => ({
        async insert(written, options, now) {
          const inserted = await stored.insert(written, options, now);
          if (inserted || options.tombstone) return inserted;
          const record = { ...written, tombstone: false, outbox: [] } as OrderRecord;
          await databases.orders.connection
            .collection('orders')
            .replaceOne({ _id: written._id } as never, record as never, { upsert: true });
          return record;
        },
      }),
    }),
    story: lateInsert(),
  },
  {
    rule: '4',
    without: 'the end of orders whose hold is not known',
    failure: /never ended/,
    inTheEnd: true,
    remove: () => ({ orders: () => ({ holdNotKnownSince: async () => [] }) }),
    async story(market) {
      const ticketId = await market.list('ada');
      market.dapr.faults = { invoke: (from) => (from === 'orders' ? 'loseAnswer' : undefined) };
      expect((await order(market, 'bob', ticketId)).status).toBe(503);
      market.dapr.faults = {};
    },
  },
  {
    rule: '5',
    without: 'waiting for the word Cancelled before a release',
    failure: /two live orders/,
    remove: () => ({
      aroundAbandon: (abandon) => async (holds) =>
        new Map([...(await abandon(holds)).keys()].map((id) => [id, 'Cancelled'])),
    }),
    async story(market) {
      const ticketId = await market.list('ada');
      await market.buy('bob', ticketId);
      market.dapr.clock.advance(requestBudgetMs);
      await market.tickets.reconcile();
      await order(market, 'eve', ticketId);
    },
  },
  {
    rule: '5',
    without: 'the tombstone',
    failure: /two live orders/,
    remove: () => ({
      orders: (stored) => ({
        insert: async (written, options, now) =>
          options.tombstone ? { ...written, tombstone: true, outbox: [] } : stored.insert(written, options, now),
      }),
    }),
    story: lateInsert(),
  },
  {
    rule: '5',
    without: 'tombstones that stay (they lapse after a day)',
    failure: /two live orders/,
    remove: () => ({
      orders: (stored) => ({
        async insert(written, options, now) {
          const lapsed = { tombstone: true, createdAt: { $lt: new Date(now.getTime() - dayMs) } };
          await databases.orders.connection.collection('orders').deleteMany(lapsed);
          return stored.insert(written, options, now);
        },
      }),
    }),
    // Eve's insert, two days later, is when what has lapsed is cleared away.
    story: lateInsert(2 * dayMs),
  },
  {
    rule: '6',
    without: 'a look at whose hold is released',
    failure: /a hold lost/,
    remove: () => ({
      tickets: () => ({ release: (id) => overwrite(id, { orderId: null, heldBy: null, heldAt: null, forSale: true }) }),
    }),
    async story(market) {
      const ticketId = await market.list('ada');
      await market.cancel('bob', await market.buy('bob', ticketId));
      await market.dapr.settle();
      const cancelled = market.dapr.published.find(({ event }) => event.type === 'order.cancelled')?.event;
      if (!cancelled) throw new Error('nothing told that the order was cancelled');
      await market.buy('eve', ticketId);
      await market.dapr.of('orders').events.publish('orders', [cancelled]);
    },
  },
  {
    rule: '7',
    without: 'the compare-and-set of a seller’s edit',
    failure: /a held price changed/,
    remove: ({ edit }) => ({
      tickets: () => ({
        async edit({ _id }, change) {
          await edit.pass();
          return overwrite(_id, change);
        },
      }),
    }),
    async story(market, { edit }) {
      const ticketId = await market.list('ada');
      const halt = edit.haltNext();
      const body = { title: 'Dearer', price: 99_000 };
      const editing = market.ask('tickets', 'PUT', `/api/tickets/${ticketId}`, { user: 'ada', body });
      await halt.arrived;
      await market.buy('bob', ticketId);
      halt.goOn();
      await editing;
    },
  },
  {
    rule: '7',
    without: 'the compare-and-set of a seller’s delete',
    failure: /a deleted one sold/,
    remove: ({ edit }) => ({
      tickets: () => ({
        async remove({ _id }) {
          await edit.pass();
          return overwrite(_id, { deleted: true, forSale: false });
        },
      }),
    }),
    async story(market, { edit }) {
      const ticketId = await market.list('ada');
      const halt = edit.haltNext();
      const deleting = market.ask('tickets', 'DELETE', `/api/tickets/${ticketId}`, { user: 'ada' });
      await halt.arrived;
      await market.buy('bob', ticketId);
      halt.goOn();
      await deleting;
    },
  },
  {
    rule: '9',
    without: 'a look at the clock of orders',
    failure: /its time was cut short/,
    remove: () =>
      changing((stored) => async (id, decide, now) => {
        const asIfDue: Decide = (found) => {
          const decision = decide({ ...found, expiresAt: new Date(0) });
          return decision.kind === 'change'
            ? { ...decision, order: { ...decision.order, expiresAt: found.expiresAt } }
            : decision;
        };
        return stored(id, asIfDue, now);
      }),
    async story(market) {
      const orderId = await market.buy('bob', await market.list('ada'));
      market.dapr.clock.advance(windowMs - 1);
      await market.dapr.of('expiration').events.publish('expirations', [exampleEvent('OrderExpired', { orderId })]);
    },
  },
  {
    rule: '9',
    without: 'the net under lost reminders',
    failure: /never ended/,
    inTheEnd: true,
    remove: () => ({ orders: () => ({ overdue: async () => [] }) }),
    async story(market) {
      await market.buy('bob', await market.list('ada'));
      await market.dapr.settle();
      market.dapr.loseReminders();
    },
  },
  {
    rule: '9',
    without: 'the refusal to cancel while capturing',
    failure: /charged and cancelled/,
    remove: () =>
      changing((stored) => (id, decide, now) => {
        const asIfAwaiting: Decide = (found) => {
          const decision = decide(found);
          const captured = decision.kind === 'refuse' && decision.reason === 'BeingCaptured';
          return captured ? decide({ ...found, status: 'AwaitingPayment' }) : decision;
        };
        return stored(id, asIfAwaiting, now);
      }),
    async story(market) {
      const orderId = await yesToBob(market);
      await market.cancel('bob', orderId);
      await market.payments.capture(orderId);
    },
  },
  {
    rule: '11',
    without: 'a begin-capture that is stored',
    failure: /charged and cancelled/,
    remove: () => unstored(({ status }) => status === 'Capturing'),
    async story(market) {
      const orderId = await yesToBob(market);
      await market.cancel('bob', orderId);
      await market.payments.capture(orderId);
    },
  },
  {
    rule: '11',
    without: 'a begin-capture that says the same when asked again',
    failure: /voided after yes/,
    remove: () =>
      changing((stored) => async (id, decide, now) => {
        const changed = await stored(id, decide, now);
        const again = changed?.kind === 'unchanged' && changed.order.status === 'Capturing';
        return again ? { ...changed, order: { ...changed.order, status: 'Cancelled' } } : changed;
      }),
    async story(market) {
      const orderId = await market.buy('bob', await market.list('ada'));
      market.payments.authorise(orderId);
      market.dapr.faults = { invoke: (from) => (from === 'payments' ? 'loseAnswer' : undefined) };
      await market.payments.settle(orderId);
      market.dapr.faults = {};
      await market.payments.settle(orderId);
    },
  },
  {
    rule: '11',
    without: 'a no that is stored, so that another clock may say yes',
    failure: /voided after yes/,
    remove: () => unstored(({ cancelReason }) => cancelReason === 'Expired'),
    async story(market) {
      const orderId = await market.buy('bob', await market.list('ada'));
      market.payments.authorise(orderId);
      market.dapr.clock.advance(windowMs);
      await market.payments.settle(orderId);
      const slowClock = new Date(market.dapr.clock.now().getTime() - 1_000);
      await market.orders.orders.change(orderId, (found) => beginCapture(found, slowClock), slowClock);
    },
  },
  {
    rule: '12',
    without: 'patience: a capture that takes long is taken for one that failed',
    failure: /charged and cancelled/,
    remove: () => ({ paymentOutcome: async () => 'closed' }),
    async story(market) {
      const orderId = await yesToBob(market);
      market.dapr.clock.advance(capturingMs);
      await market.orders.reconcile();
      await market.payments.capture(orderId);
    },
  },
  {
    rule: '12',
    without: 'asking payments about captures that take long',
    failure: /never ended/,
    inTheEnd: true,
    remove: () => ({ orders: () => ({ capturingSince: async () => [] }) }),
    async story(market) {
      const orderId = await yesToBob(market);
      market.dapr.faults = { deliver: ({ event }) => (event.type === 'charge.completed' ? 'lose' : undefined) };
      await market.payments.capture(orderId);
      await market.dapr.settle();
      market.dapr.faults = {};
    },
  },
];

describe.each(twins)('rule $rule, without $without', (twin) => {
  it('the auditor finds what the protocol says', async () => {
    expect(await play(twin, false)).toContainEqual(expect.stringMatching(twin.failure));
  });

  it('and with it nothing is wrong', async () => {
    expect(await play(twin, true)).toEqual([]);
  });
});

async function play(twin: Twin, guarded: boolean): Promise<string[]> {
  await databases.tickets.clear();
  await databases.orders.clear();
  const stage = emptyStage();
  const { tickets, orders, aroundAbandon, paymentOutcome } = guarded ? ({} as Removal) : twin.remove(stage);
  const market = await startMarketplace({
    databases,
    tickets: {
      around: (stored) => ({ ...halting(stored, stage), ...tickets?.(stored) }),
      ...(aroundAbandon ? { aroundAbandon } : {}),
    },
    orders: {
      around: (stored) => ({ ...stored, ...haltingInsert(stored, stage), ...orders?.(haltingInsert(stored, stage)) }),
      ...(paymentOutcome ? { paymentOutcome } : {}),
    },
  });
  try {
    await twin.story(market, stage, guarded);
    const atOnce = await auditNow(market);
    await market.dapr.settle();
    if (twin.inTheEnd) await market.mend();
    return [...atOnce, ...(await (twin.inTheEnd ? auditEnd(market) : auditNow(market)))];
  } finally {
    await market.close();
  }
}

/** The same store, with the stage's gates before what it writes. */
const halting = (stored: Tickets, stage: Stage): Tickets => ({
  ...stored,
  async hold(...asked) {
    await stage.hold.pass();
    return stored.hold(...asked);
  },
  async edit(...asked) {
    await stage.edit.pass();
    return stored.edit(...asked);
  },
  async remove(...asked) {
    await stage.edit.pass();
    return stored.remove(...asked);
  },
});

const haltingInsert = (stored: Orders, stage: Stage): Orders => ({
  ...stored,
  async insert(written, options, now) {
    if (!options.tombstone) await stage.insert.pass();
    return stored.insert(written, options, now);
  },
});
