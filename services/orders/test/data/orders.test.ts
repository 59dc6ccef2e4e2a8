import { idFrom } from '@ticketing/common';
import fc from 'fast-check';
import { cancelByBuyer, failPayment, type Order } from '../../src/domain/order';
import { type RunningOrders, startOrders, storedOrder } from '../start-orders';

let running: RunningOrders;
beforeAll(async () => {
  running = await startOrders();
});
afterAll(() => running.close());
beforeEach(() => running.database.clear());

const startMs = Date.UTC(2026, 10, 21, 10);
const now = new Date(startMs);
const order = (change: Partial<Order> = {}): Order => ({
  _id: 'order-1',
  userId: 'bob',
  ticketId: 'ticket-1',
  status: 'AwaitingPayment',
  held: { title: 'Ada', price: 4500, sellerId: 'seller' },
  expiresAt: new Date(startMs + 900_000),
  createdAt: now,
  captureBegunAt: null,
  cancelReason: null,
  version: 1,
  ...change,
});

describe('an order', () => {
  it('is inserted once, and never written over by another insert', async () => {
    const { orders } = running;
    expect(await orders.insert(order(), { announced: true }, now)).toMatchObject({ _id: 'order-1' });
    await orders.change('order-1', cancelByBuyer, now);
    expect(await orders.insert(order({ userId: 'eve' }), { announced: true }, now)).toBe(false);
    expect(await storedOrder(running, 'order-1')).toMatchObject({ userId: 'bob', status: 'Cancelled', version: 2 });
  });

  it('is changed by one of many that would change it at once, and the others see that', async () => {
    const { orders } = running;
    await orders.insert(order(), { announced: true }, now);
    const changes = await Promise.all(
      Array.from({ length: 10 }, (_, n) => orders.change('order-1', n % 2 ? cancelByBuyer : failPayment, now)),
    );
    expect(changes.filter((change) => change?.kind === 'changed')).toHaveLength(1);
    const stored = await storedOrder(running, 'order-1');
    expect(stored).toMatchObject({ status: 'Cancelled', version: 2 });
    expect(stored.outbox.map(({ type }) => type)).toEqual(['order.created', 'order.cancelled']);
  });

  it('that is not there is not changed', async () => {
    expect(await running.orders.change('unknown', cancelByBuyer, now)).toBeUndefined();
  });
});

describe('a buyer’s orders', () => {
  it('are paged newest first without repeats or gaps, whatever their ids and however many share a moment', async () => {
    const births = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(births, fc.integer({ min: 1, max: 5 }), async (seconds, limit) => {
        await running.database.clear();
        const born = seconds.map((second, n) => ({
          _id: idFrom('order', String(n)),
          createdAt: new Date(startMs + second * 1_000),
        }));
        await Promise.all(born.map((birth) => running.orders.insert(order(birth), { announced: false }, now)));
        const tombstone = order({ _id: 'tombstone', status: 'Cancelled', held: null });
        await running.orders.insert(tombstone, { announced: false, tombstone: true }, now);
        const seen: string[] = [];
        for (let after: { createdAt: Date; id: string } | undefined; ; ) {
          const page = await running.orders.ofBuyer('bob', limit, after);
          seen.push(...page.map(({ _id }) => _id));
          const last = page.at(-1);
          if (!last || page.length < limit) break;
          after = { createdAt: last.createdAt, id: last._id };
        }
        const expected = born.sort(
          (one, other) => other.createdAt.getTime() - one.createdAt.getTime() || (one._id < other._id ? 1 : -1),
        );
        expect(seen).toEqual(expected.map(({ _id }) => _id));
      }),
      { numRuns: 20 },
    );
  });
});

describe('what reconcilers look for', () => {
  it('is found by state and age, oldest first', async () => {
    const at = (seconds: number) => new Date(startMs + seconds * 1_000);
    const rows: Partial<Order>[] = [
      { _id: 'due-2', expiresAt: at(2) },
      { _id: 'due-1', expiresAt: at(1) },
      { _id: 'not-due', expiresAt: at(99) },
      { _id: 'paid', expiresAt: at(1), status: 'Completed' },
      { _id: 'unknown', createdAt: at(-5), status: 'Created', held: null },
      { _id: 'capturing', captureBegunAt: at(1), expiresAt: at(1), status: 'Capturing' },
    ];
    for (const row of rows) await running.orders.insert(order(row), { announced: false }, now);
    const ids = (found: { _id: string }[]) => found.map(({ _id }) => _id);
    expect(ids(await running.orders.overdue(at(2), 9))).toEqual(['due-1', 'due-2']);
    expect(ids(await running.orders.overdue(at(2), 1))).toEqual(['due-1']);
    expect(ids(await running.orders.holdNotKnownSince(at(-5), 9))).toEqual(['unknown']);
    expect(ids(await running.orders.holdNotKnownSince(at(-6), 9))).toEqual([]);
    const capturing = async (before: number, askedAt: number) =>
      ids(await running.orders.capturingSince(at(before), at(askedAt), 9));
    expect(await capturing(1, 1)).toEqual(['capturing']);
    expect(await capturing(0, 1)).toEqual([]);
    await running.orders.postponeCapture('capturing', at(5));
    expect(await capturing(1, 4)).toEqual([]);
    expect(await capturing(1, 5)).toEqual(['capturing']);
  });
});
