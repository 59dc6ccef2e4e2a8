// What other services ask of orders.
import { beginCaptureAnswer, internalOrder } from '@ticketing/common';
import request from 'supertest';
import { beginCapture, complete, type Order, refund } from '../../src/domain/order';
import {
  abandon,
  beginCaptureOf,
  placedBy,
  post,
  type RunningOrders,
  startOrders,
  storedOrder,
  windowMs,
} from '../start-orders';
import { type TicketsInMemory, ticketsInMemory } from '../tickets-in-memory';

let running: RunningOrders;
let tickets: TicketsInMemory;
beforeAll(async () => {
  running = await startOrders();
  tickets = ticketsInMemory();
  await tickets.register(running.dapr);
});
afterAll(() => running.close());

const begin = async (id: string) => beginCaptureAnswer.parse((await beginCaptureOf(running, id)).body);
const unknownHold = async (ticketId: string) => {
  running.dapr.faults = { invoke: (from) => (from === 'orders' ? 'loseAnswer' : undefined) };
  const { orderId } = (await post(running, 'bob', { ticketId })).body as { orderId: string };
  running.dapr.faults = {};
  return orderId;
};

describe('begin-capture', () => {
  it('says yes in time, stores it, and keeps saying it, past the deadline and once completed too', async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    expect(await begin(id)).toEqual({ granted: true, status: 'Capturing' });
    const { version } = await storedOrder(running, id);
    running.dapr.clock.advance(windowMs);
    expect(await begin(id)).toEqual({ granted: true, status: 'Capturing' });
    expect((await storedOrder(running, id)).version).toBe(version);
    await running.model.updateOne({ _id: id }, { status: 'Completed' });
    expect(await begin(id)).toEqual({ granted: true, status: 'Completed' });
  });

  it('says no past the deadline, cancels in the same write, and keeps saying it', async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    running.dapr.clock.advance(windowMs);
    expect(await begin(id)).toEqual({ granted: false, status: 'Cancelled' });
    expect(await storedOrder(running, id)).toMatchObject({ cancelReason: 'Expired', version: 2 });
    expect(await begin(id)).toEqual({ granted: false, status: 'Cancelled' });
    await running.dapr.settle();
    expect(running.dapr.published.at(-1)?.event).toMatchObject({ type: 'order.cancelled', subject: id });
  });

  it('gives everybody who asks at once the same answer', async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    const answers = await Promise.all(Array.from({ length: 10 }, () => begin(id)));
    expect(answers).toEqual(Array(10).fill({ granted: true, status: 'Capturing' }));
    expect((await storedOrder(running, id)).version).toBe(2);
  });

  it('does not answer for an order whose hold is not known, and 404 for none', async () => {
    const id = await unknownHold(tickets.offer().id);
    await expect(beginCaptureOf(running, id)).rejects.toThrow('no answer from orders: 503');
    expect((await storedOrder(running, id)).status).toBe('Created');
    expect((await beginCaptureOf(running, '0'.repeat(24))).status).toBe(404);
  });
});

describe('abandon', () => {
  const hold = (orderId: string) => ({ orderId, ticketId: 'b'.repeat(24), buyerId: 'bob' });

  it('says of each order what it is, and leaves it so', async () => {
    const awaiting = await placedBy(running, 'bob', tickets.offer().id);
    const capturing = await placedBy(running, 'bob', tickets.offer().id);
    await begin(capturing.id);
    const created = await unknownHold(tickets.offer().id);
    const answer = await abandon(running, [awaiting.id, capturing.id, created].map(hold));
    expect(new Map(answer.map(({ id, status }) => [id, status]))).toEqual(
      new Map([
        [awaiting.id, 'AwaitingPayment'],
        [capturing.id, 'Capturing'],
        [created, 'Created'],
      ]),
    );
    expect((await storedOrder(running, awaiting.id)).version).toBe(1);
  });

  it('writes a tombstone for an order it has never seen, which keeps a late one out for ever', async () => {
    const ticket = tickets.offer();
    const held = await post(running, 'bob', { ticketId: ticket.id }, 'late');
    await running.model.collection.deleteOne({ _id: held.body.id });
    expect(await abandon(running, [hold(held.body.id)])).toEqual([{ id: held.body.id, status: 'Cancelled' }]);
    running.dapr.clock.advance(365 * 24 * 3600 * 1000);
    await running.reconcile();
    const late = await post(running, 'bob', { ticketId: ticket.id }, 'late');
    expect(late.status).toBe(409);
    expect(ticket.orderId).toBeNull();
    expect(await storedOrder(running, held.body.id)).toMatchObject({
      status: 'Cancelled',
      tombstone: true,
      outbox: [],
    });
  });

  it('of a hold, while its order is being written, agrees with the writing on who was first', async () => {
    for (let round = 0; round < 10; round++) {
      const ticket = tickets.offer();
      const key = `race-${round}`;
      const placing = post(running, 'bob', { ticketId: ticket.id }, key);
      const started = placing.then((answer) => answer);
      while (ticket.orderId === null) await new Promise((resolve) => setImmediate(resolve));
      const [asked, answer] = await Promise.all([abandon(running, [hold(ticket.orderId)]), started]);
      expect(answer.status).toBe(asked[0]?.status === 'Cancelled' ? 409 : 201);
    }
  });
});

describe('the internal view of an order', () => {
  const show = async (id: string, caller = 'payments') =>
    running.dapr.of(caller).invoker.invoke({ app: 'orders', method: 'GET', path: `internal/orders/${id}` });

  it('is what the contract says, Capturing included', async () => {
    const ticket = tickets.offer();
    const { id, expiresAt } = await placedBy(running, 'bob', ticket.id);
    await begin(id);
    expect(internalOrder.parse((await show(id)).body)).toEqual({
      id,
      userId: 'bob',
      status: 'Capturing',
      expiresAt,
      price: 4500,
      currency: 'usd',
      ticket: { id: ticket.id, title: ticket.title, sellerId: 'seller' },
    });
  });

  it('tells since when its money is given back', async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    const now = running.dapr.clock.now();
    for (const decide of [(order: Order) => beginCapture(order, now), complete, (order: Order) => refund(order, now)])
      await running.orders.change(id, decide, now);
    const { status, refundedAt } = internalOrder.parse((await show(id)).body);
    expect([status, refundedAt]).toEqual(['Completed', now.toISOString()]);
  });

  it('has no price before the hold is known; and is 404 for none', async () => {
    const id = await unknownHold(tickets.offer().id);
    expect(internalOrder.parse((await show(id)).body)).toMatchObject({ price: null, ticket: null, status: 'Created' });
    expect((await show('0'.repeat(24))).status).toBe(404);
  });
});

it('each is answered only to the services that may ask, through their sidecars', async () => {
  const { id } = await placedBy(running, 'bob', tickets.offer().id);
  const ask = async (caller: string, method: 'GET' | 'POST', path: string) =>
    (
      await running.dapr
        .of(caller)
        .invoker.invoke({ app: 'orders', method, path, body: method === 'POST' ? { holds: [] } : undefined })
    ).status;
  expect(await ask('tickets', 'POST', `internal/orders/${id}/begin-capture`)).toBe(403);
  expect(await ask('notifications', 'GET', `internal/orders/${id}`)).toBe(403);
  expect(await ask('payments', 'POST', 'internal/orders/abandon')).toBe(403);
  expect(await ask('expiration', 'GET', `internal/orders/${id}`)).toBe(200);
  const direct = await request(running.app)
    .post(`/internal/orders/${id}/begin-capture`)
    .set('dapr-caller-app-id', 'payments');
  expect(direct.status).toBe(403);
  expect((await storedOrder(running, id)).status).toBe('AwaitingPayment');
});
