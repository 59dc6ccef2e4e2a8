// The stored ticket against a model of the rules: whatever is asked, in whatever order, both say the same.
import { newId } from '@ticketing/common';
import fc from 'fast-check';
import type { Ticket } from '../../src/domain/ticket';
import { type RunningTickets, startTickets, storedTicket } from '../start-tickets';

let running: RunningTickets;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());

it('has an index of the tickets that are kept, by their orders, once the service has started', async () => {
  expect(await running.model.collection.indexes()).toContainEqual(
    expect.objectContaining({
      name: 'kept_for_order',
      key: { orderId: 1 },
      partialFilterExpression: { orderId: { $gt: '' } },
    }),
  );
});

interface Modelled {
  orderId: string | null;
  sold: boolean;
  deleted: boolean;
  forSale: boolean;
  begun: boolean;
  price: number;
  version: number;
}

const now = new Date('2026-11-21T10:00:00.000Z');
const startsAt = new Date(now.getTime() + 3_600_000);
const order = fc.constantFrom('o1', 'o2', 'o3');
const steps = fc.oneof(
  fc.record({
    what: fc.constant('hold' as const),
    order,
    buyer: fc.constantFrom('bob', 'eve', 'seller'),
    price: fc.option(fc.constantFrom(100, 200), { nil: undefined }),
  }),
  fc.record({ what: fc.constantFrom('release' as const, 'sell' as const), order }),
  fc.record({
    what: fc.constantFrom('edit' as const, 'remove' as const),
    stale: fc.boolean(),
    price: fc.constantFrom(100, 200),
  }),
  fc.record({ what: fc.constantFrom('begin' as const, 'endSales' as const) }),
);
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;

/** What the rules say: whether the step is done, and then what the ticket is. */
function expected(model: Modelled, step: Step): boolean {
  switch (step.what) {
    case 'hold': {
      const free = model.orderId === null || model.orderId === step.order;
      const priceFits = step.price === undefined || step.price === model.price;
      if (model.sold || model.deleted || !free || step.buyer === 'seller' || !priceFits) return false;
      if (model.begun && model.orderId === null) return false;
      model.orderId = step.order;
      model.forSale = false;
      break;
    }
    case 'release':
      if (model.orderId !== step.order || model.sold) return false;
      model.orderId = null;
      model.forSale = !model.begun;
      break;
    case 'sell':
      if (model.orderId !== step.order || model.sold) return false;
      model.sold = true;
      break;
    case 'edit':
    case 'remove':
      if (step.stale || model.orderId !== null || model.deleted) return false;
      if (step.what === 'edit') model.price = step.price;
      else model.deleted = true;
      model.forSale = step.what === 'edit' && !model.begun;
      break;
    case 'begin':
      model.begun = true;
      return true;
    case 'endSales':
      if (!model.begun || !model.forSale) return false;
      model.forSale = false;
  }
  model.version += 1;
  return true;
}

async function done(ticket: Ticket, step: Step, now: Date): Promise<boolean> {
  const { tickets } = running;
  const id = ticket._id;
  const seen = 'stale' in step && step.stale ? { ...ticket, version: ticket.version - 1 } : ticket;
  switch (step.what) {
    case 'hold':
      return (
        (await tickets.hold(id, { orderId: step.order, buyerId: step.buyer, price: step.price }, now, now)) !== null
      );
    case 'release':
      return (await tickets.release(id, step.order, now)) !== null;
    case 'sell':
      return (await tickets.markSold(id, step.order, now)) !== null;
    case 'edit':
      return (await tickets.edit(seen, { title: 'Other', price: step.price }, now)) !== null;
    case 'remove':
      return (await tickets.remove(seen, now)) !== null;
    case 'endSales':
      return (await tickets.endSales(now, 100)).some((ticket) => ticket?._id === id);
    case 'begin':
      return true;
  }
}

describe('a stored ticket', () => {
  it('never does what the rules forbid, and says of itself what is so', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 12 }), async (sequence) => {
        const id = newId();
        await running.tickets.insert({ id, title: 'Ada', price: 100, startsAt, userId: 'seller', now });
        const model: Modelled = {
          orderId: null,
          sold: false,
          deleted: false,
          forSale: true,
          begun: false,
          price: 100,
          version: 1,
        };
        for (const step of sequence) {
          const before = await storedTicket(running, id);
          const rule = expected(model, step);
          expect([step, await done(before, step, model.begun ? startsAt : now)]).toEqual([step, rule]);
          const { orderId, sold, deleted, forSale, price, version } = model;
          const after = await storedTicket(running, id);
          expect(after).toMatchObject({ orderId, sold, deleted, forSale, price, version });
          if (!model.begun) expect(forSale).toBe(orderId === null && !sold && !deleted);
          expect(after.heldBy === null).toBe(orderId === null);
          expect(after.holdCheckAt !== undefined).toBe(orderId !== null && !sold);
          // A change and its event are one write; what changed nothing tells nothing.
          expect(after.outbox).toHaveLength(version);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is held by exactly one of forty orders that ask at once', async () => {
    const id = newId();
    await running.tickets.insert({ id, title: 'Ada', price: 100, userId: 'seller', now });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        running.tickets.hold(id, { orderId: `order-${n}`, buyerId: `buyer-${n}` }, now, now),
      ),
    );
    const winners = answers.filter((answer) => answer !== null);
    expect(winners).toHaveLength(1);
    expect(await storedTicket(running, id)).toMatchObject({ orderId: winners[0]?.orderId, version: 2 });
  });

  it('is edited by one of two sellers’ windows that saw the same version', async () => {
    const id = newId();
    const seen = await running.tickets.insert({ id, title: 'Ada', price: 100, userId: 'seller', now });
    const answers = await Promise.all(
      [200, 300].map((price) => running.tickets.edit(seen, { title: 'Ada', price }, now)),
    );
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
  });
});

describe('holds that are due for a check', () => {
  it('are found once their time has come, oldest first, and not again before they are due again', async () => {
    const at = (seconds: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, seconds));
    const ids = [newId(), newId(), newId()];
    for (const [n, id] of ids.entries()) {
      await running.tickets.insert({ id, title: 'Ada', price: 100, userId: 'seller', now });
      await running.tickets.hold(id, { orderId: `due-${n}`, buyerId: 'bob' }, now, at(n + 1));
    }
    const due = async (seconds: number) =>
      (await running.tickets.dueForCheck(at(seconds), 100)).map(({ _id }) => _id).filter((id) => ids.includes(id));
    expect(await due(2)).toEqual(ids.slice(0, 2));
    const [first = ''] = ids;
    await running.tickets.postponeCheck([{ ticketId: first, orderId: 'due-0' }], at(9));
    expect(await due(3)).toEqual(ids.slice(1));
    expect(await due(9)).toEqual([...ids.slice(1), first]);
  });

  it('are not put off when the ticket is another order’s by now', async () => {
    const id = newId();
    await running.tickets.insert({ id, title: 'Ada', price: 100, userId: 'seller', now });
    await running.tickets.hold(id, { orderId: 'mine', buyerId: 'bob' }, now, now);
    await running.tickets.postponeCheck([{ ticketId: id, orderId: 'another' }], new Date(now.getTime() + 60_000));
    expect((await storedTicket(running, id)).holdCheckAt).toEqual(now);
  });
});
