import { type AbandonedHold, abandonRequest, newId, type OrderStatus } from '@ticketing/common';
import express from 'express';
import { type RunningTickets, recheckMs, requestBudgetMs, startTickets, storedTicket } from '../start-tickets';

let running: RunningTickets;
let asked: AbandonedHold[];
let statuses: Record<string, OrderStatus>;
beforeAll(async () => {
  running = await startTickets();
  await running.dapr.register('orders', ordersThatKnow());
});
afterAll(() => running.close());
beforeEach(async () => {
  asked = [];
  statuses = {};
  await running.database.clear();
});

/** The orders service's word on holds: what it does not know, it never will. */
function ordersThatKnow() {
  const app = express();
  app.get('/dapr/subscribe', (_req, res) => void res.json([]));
  app.post('/internal/orders/abandon', express.json(), (req, res) => {
    const { holds } = abandonRequest.parse(req.body);
    asked.push(...holds);
    res.json({ orders: holds.map(({ orderId }) => ({ id: orderId, status: statuses[orderId] ?? 'Cancelled' })) });
  });
  return app;
}

async function held(orderId: string): Promise<string> {
  const { tickets, announce, dapr } = running;
  const now = dapr.clock.now();
  const { _id } = await tickets.insert({ id: newId(), title: 'Ada', price: 100, userId: 'ada', now });
  const checkAt = new Date(now.getTime() + requestBudgetMs);
  const ticket = await tickets.hold(_id, { orderId, buyerId: 'bob' }, now, checkAt);
  if (ticket) announce(ticket);
  return _id;
}

describe('a hold that is older than the request budget', () => {
  it('is asked about only then', async () => {
    const ticketId = await held('order-1');
    expect(await running.reconcile()).toBe(0);
    running.dapr.clock.advance(requestBudgetMs - 1);
    expect(await running.reconcile()).toBe(0);
    running.dapr.clock.advance(1);
    expect(await running.reconcile()).toBe(1);
    expect(asked).toEqual([{ orderId: 'order-1', ticketId, buyerId: 'bob' }]);
  });

  it('ends when its order is cancelled, or was never written', async () => {
    const ticketId = await held('order-1');
    running.dapr.clock.advance(requestBudgetMs);
    await running.reconcile();
    expect(await storedTicket(running, ticketId)).toMatchObject({ orderId: null, forSale: true });
    await running.dapr.settle();
    expect(running.dapr.published.at(-1)).toMatchObject({ event: { subject: ticketId, data: { orderId: null } } });
  });

  it('becomes a sale when its order is completed', async () => {
    const ticketId = await held('order-1');
    statuses = { 'order-1': 'Completed' };
    running.dapr.clock.advance(requestBudgetMs);
    await running.reconcile();
    expect(await storedTicket(running, ticketId)).toMatchObject({ orderId: 'order-1', sold: true });
    running.dapr.clock.advance(recheckMs);
    expect(await running.reconcile()).toBe(0);
  });

  it.each(['Created', 'AwaitingPayment', 'Capturing'] as const)(
    'stays while its order is %s, and is asked about later',
    async (status) => {
      const ticketId = await held('order-1');
      statuses = { 'order-1': status };
      running.dapr.clock.advance(requestBudgetMs);
      expect(await running.reconcile()).toBe(1);
      expect(await running.reconcile()).toBe(0);
      expect(await storedTicket(running, ticketId)).toMatchObject({ orderId: 'order-1', sold: false });
      running.dapr.clock.advance(recheckMs);
      expect(await running.reconcile()).toBe(1);
    },
  );

  it('stays when orders does not answer', async () => {
    const ticketId = await held('order-1');
    running.dapr.clock.advance(requestBudgetMs);
    for (const fault of ['loseRequest', 'loseAnswer'] as const) {
      running.dapr.faults = { invoke: () => fault };
      await expect(running.reconcile()).rejects.toThrow('no answer from orders');
      expect((await storedTicket(running, ticketId)).orderId).toBe('order-1');
      running.dapr.faults = {};
    }
    await running.reconcile();
    expect((await storedTicket(running, ticketId)).orderId).toBeNull();
  });

  it('is one of many: all are settled in one round, each by its own order’s word', async () => {
    const ids = await Promise.all(Array.from({ length: 105 }, (_, n) => held(`order-${n}`)));
    statuses = { 'order-3': 'AwaitingPayment', 'order-104': 'Completed' };
    running.dapr.clock.advance(requestBudgetMs);
    expect(await running.reconcile()).toBe(105);
    const stored = await Promise.all(ids.map((id) => storedTicket(running, id)));
    expect(stored.filter(({ forSale }) => forSale)).toHaveLength(103);
    expect(stored[3]).toMatchObject({ orderId: 'order-3', sold: false });
    expect(stored[104]).toMatchObject({ orderId: 'order-104', sold: true });
  });
});
