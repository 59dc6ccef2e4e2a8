import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { abandon, placedBy, type RunningOrders, startOrders } from '../start-orders';
import { type TicketsInMemory, ticketsInMemory } from '../tickets-in-memory';

let running: RunningOrders;
let tickets: TicketsInMemory;
beforeAll(async () => {
  running = await startOrders();
  tickets = ticketsInMemory();
  await tickets.register(running.dapr);
});
afterAll(() => running.close());
beforeEach(() => running.database.clear());

const get = (path: string, user = 'bob') => request(running.app).get(path).set('Cookie', running.cookieOf(user));

describe('GET /api/orders/:id', () => {
  it('shows a buyer their order', async () => {
    const order = await placedBy(running, 'bob', tickets.offer().id);
    const answer = await get(`/api/orders/${order.id}`);
    expect([answer.status, answer.body]).toEqual([200, order]);
  });

  it('answers 404 for another’s order, as for one that is not there; 401 to who is not signed in', async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    const anothers = expectProblem(await get(`/api/orders/${id}`, 'eve'), 404, 'NotFound');
    const nobodys = expectProblem(await get(`/api/orders/${'0'.repeat(24)}`), 404, 'NotFound');
    expect(anothers.detail).toBe(nobodys.detail);
    expectProblem(await request(running.app).get(`/api/orders/${id}`), 401, 'NotSignedIn');
  });

  it('shows an order that is being captured as one that awaits payment', async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    await running.model.updateOne({ _id: id }, { status: 'Capturing' });
    expect((await get(`/api/orders/${id}`)).body.status).toBe('AwaitingPayment');
  });
});

describe('GET /api/orders', () => {
  it('lists a buyer’s own orders, newest first, also when their ids come from keys', async () => {
    const placed: string[] = [];
    for (let n = 0; n < 6; n++) {
      placed.unshift((await placedBy(running, 'bob', tickets.offer().id, n % 2 ? `key-${n}` : undefined)).id);
      running.dapr.clock.advance(1_000);
    }
    await placedBy(running, 'eve', tickets.offer().id);
    const ids = (await get('/api/orders')).body.items.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(placed);
  });

  it('goes on where the cursor says', async () => {
    for (let n = 0; n < 5; n++) await placedBy(running, 'bob', tickets.offer().id, `key-${n}`);
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await get(`/api/orders?limit=2${cursor}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      if (!body.nextCursor) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  it('leaves out what was only written to keep a late order out', async () => {
    await abandon(running, [{ orderId: 'a'.repeat(24), ticketId: 'b'.repeat(24), buyerId: 'bob' }]);
    expect((await get('/api/orders')).body).toEqual({ items: [], nextCursor: null });
  });

  it('answers 401 to who is not signed in', async () => {
    expectProblem(await request(running.app).get('/api/orders'), 401, 'NotSignedIn');
  });
});
