import { idFrom } from '@ticketing/common';
import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import {
  placedBy,
  post,
  type RunningOrders,
  requestBudgetMs,
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
beforeEach(async () => {
  running.dapr.faults = {};
  await running.database.clear();
});

const stored = () => running.model.countDocuments();
const expiresAt = () => new Date(running.dapr.clock.now().getTime() + windowMs).toISOString();

describe('POST /api/orders', () => {
  it('holds the ticket: 201, the order, where it is, and until when', async () => {
    const { id: ticketId } = tickets.offer();
    const answer = await post(running, 'bob', { ticketId });
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe(`/api/orders/${answer.body.id}`);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      userId: 'bob',
      ticketId,
      ticket: { id: ticketId, title: 'Ada and the Engines', venue: null, startsAt: null },
      status: 'AwaitingPayment',
      cancelReason: null,
      expiresAt: expiresAt(),
      price: 4500,
      currency: 'usd',
      createdAt: running.dapr.clock.now().toISOString(),
      refundedAt: null,
      version: 1,
    });
  });

  it('tells of it once, with the ticket and the price as held', async () => {
    const { id: ticketId } = tickets.offer({ price: 9900 });
    const { id } = await placedBy(running, 'bob', ticketId);
    await running.dapr.settle();
    expect(running.dapr.published.filter(({ event }) => event.subject === id)).toMatchObject([
      {
        topic: 'orders',
        event: {
          type: 'order.created',
          data: {
            id,
            userId: 'bob',
            status: 'AwaitingPayment',
            price: 9900,
            ticket: { id: ticketId, sellerId: 'seller' },
          },
        },
      },
    ]);
    expect((await storedOrder(running, id)).outbox).toEqual([]);
  });

  it('keeps and tells what the ticket is for, as held', async () => {
    const event = { venue: 'Royal Hall', startsAt: '2027-06-30T19:30:00.000Z' };
    const ticket = tickets.offer(event);
    const { id } = await placedBy(running, 'bob', ticket.id);
    Object.assign(ticket, { venue: 'Elsewhere', startsAt: '2028-01-01T00:00:00.000Z' });
    const shown = (await request(running.app).get(`/api/orders/${id}`).set('Cookie', running.cookieOf('bob'))).body;
    expect(shown.ticket).toEqual({ id: ticket.id, title: ticket.title, ...event });
    expect((await storedOrder(running, id)).held).toMatchObject({ startsAt: new Date(event.startsAt) });
    await running.dapr.settle();
    const told = running.dapr.published.find(({ event: { subject } }) => subject === id);
    expect(told?.event.data).toMatchObject({
      ticket: { id: ticket.id, title: ticket.title, sellerId: 'seller', ...event },
    });
  });

  it('tells nothing of venue and date that nobody knows', async () => {
    const { id: ticketId } = tickets.offer();
    const { id } = await placedBy(running, 'bob', ticketId);
    await running.dapr.settle();
    const told = running.dapr.published.find(({ event: { subject } }) => subject === id)?.event.data;
    expect(told).toHaveProperty('ticket', { id: ticketId, title: 'Ada and the Engines', sellerId: 'seller' });
  });

  it('answers 401, 403 own ticket, 404, 409 taken, sold or begun, and writes nothing', async () => {
    const { id: ticketId } = tickets.offer({ sellerId: 'ada' });
    expectProblem(await request(running.app).post('/api/orders').send({ ticketId }), 401, 'NotSignedIn');
    expectProblem(await post(running, 'ada', { ticketId }), 403, 'OwnTicket');
    expectProblem(await post(running, 'bob', { ticketId: '0'.repeat(24) }), 404, 'NotFound');
    const held = tickets.offer({ orderId: 'another', heldBy: 'eve' });
    expectProblem(await post(running, 'bob', { ticketId: held.id }), 409, 'TicketTaken');
    const sold = tickets.offer({ orderId: 'another', heldBy: 'eve', sold: true });
    expectProblem(await post(running, 'bob', { ticketId: sold.id }), 409, 'TicketSold');
    const begun = tickets.offer({ begun: true });
    expectProblem(await post(running, 'bob', { ticketId: begun.id }), 409, 'EventBegun');
    expect(await stored()).toBe(0);
  });

  it('answers 409 with the price when it is not the one that was seen, and holds nothing', async () => {
    const ticket = tickets.offer({ price: 5000 });
    const problem = expectProblem(
      await post(running, 'bob', { ticketId: ticket.id, price: 4500 }),
      409,
      'PriceChanged',
    );
    expect(problem.price).toBe(5000);
    expect([ticket.orderId, await stored()]).toEqual([null, 0]);
    expect((await post(running, 'bob', { ticketId: ticket.id, price: 5000 })).status).toBe(201);
  });

  it('gives the buyer who holds the ticket the same order: 200', async () => {
    const { id: ticketId } = tickets.offer();
    const first = await placedBy(running, 'bob', ticketId);
    const again = await post(running, 'bob', { ticketId });
    expect([again.status, again.body]).toEqual([200, first]);
    expect(await stored()).toBe(1);
  });

  it('tells the buyer who has bought the ticket that they have: 409', async () => {
    const ticket = tickets.offer();
    const { id } = await placedBy(running, 'bob', ticket.id);
    await running.model.updateOne({ _id: id }, { status: 'Completed' });
    for (const sold of [false, true]) {
      ticket.sold = sold;
      expect(expectProblem(await post(running, 'bob', { ticketId: ticket.id }), 409, 'AlreadyBought').orderId).toBe(id);
    }
  });

  it('lets a buyer who has cancelled buy again at once, before the ticket has heard of it', async () => {
    const ticket = tickets.offer();
    const first = await placedBy(running, 'bob', ticket.id);
    await request(running.app).delete(`/api/orders/${first.id}`).set('Cookie', running.cookieOf('bob')).expect(204);
    expect(ticket.orderId).toBe(first.id);
    const second = await placedBy(running, 'bob', ticket.id);
    expect(second.id).not.toBe(first.id);
    expect(ticket.orderId).toBe(second.id);
  });
});

describe('with an Idempotency-Key', () => {
  it('the same key is the same order: 201, then 200', async () => {
    const { id: ticketId } = tickets.offer();
    const first = await post(running, 'bob', { ticketId }, 'key-1');
    const again = await post(running, 'bob', { ticketId }, 'key-1');
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect(first.body.id).toBe(idFrom('order', 'bob', ticketId, 'key-1'));
  });

  it('the same key is the same order also once it is completed, whether the ticket has heard of it or not', async () => {
    const ticket = tickets.offer();
    const { id } = await placedBy(running, 'bob', ticket.id, 'key-1');
    await running.model.updateOne({ _id: id }, { status: 'Completed' });
    for (const sold of [false, true]) {
      ticket.sold = sold;
      const again = await post(running, 'bob', { ticketId: ticket.id }, 'key-1');
      expect([again.status, again.body]).toMatchObject([200, { id, status: 'Completed' }]);
    }
  });

  it('the same key with another price is the same order still: a held ticket keeps its price', async () => {
    const { id: ticketId } = tickets.offer();
    const first = await post(running, 'bob', { ticketId, price: 4500 }, 'key-1');
    const again = await post(running, 'bob', { ticketId, price: 4400 }, 'key-1');
    expect([again.status, again.body]).toEqual([200, first.body]);
  });

  it('ten requests at once are one order', async () => {
    const { id: ticketId } = tickets.offer();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(running, 'bob', { ticketId }, 'key-1')));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    await running.dapr.settle();
    const told = running.dapr.published.filter(({ event }) => event.subject === answers[0]?.body.id);
    expect(told.map(({ event }) => event.type)).toEqual(['order.created']);
  });

  it('the same key for another ticket, or of another buyer, is another order', async () => {
    const one = await placedBy(running, 'bob', tickets.offer().id, 'key-1');
    const other = await placedBy(running, 'bob', tickets.offer().id, 'key-1');
    const eves = await placedBy(running, 'eve', tickets.offer().id, 'key-1');
    expect(new Set([one.id, other.id, eves.id]).size).toBe(3);
  });

  it('another key for the same ticket is still the order that the buyer has', async () => {
    const { id: ticketId } = tickets.offer();
    const first = await placedBy(running, 'bob', ticketId, 'key-1');
    const again = await post(running, 'bob', { ticketId }, 'key-2');
    expect([again.status, again.body.id]).toEqual([200, first.id]);
  });

  it('the key of a cancelled order is used up: 409, and the ticket is let go', async () => {
    const ticket = tickets.offer();
    const { id } = await placedBy(running, 'bob', ticket.id, 'key-1');
    await request(running.app).delete(`/api/orders/${id}`).set('Cookie', running.cookieOf('bob')).expect(204);
    ticket.orderId = null;
    expectProblem(await post(running, 'bob', { ticketId: ticket.id }, 'key-1'), 409, 'OrderCancelled');
    expect(ticket.orderId).toBeNull();
    expect((await post(running, 'bob', { ticketId: ticket.id }, 'key-2')).status).toBe(201);
  });
});

describe('when tickets does not answer', () => {
  it.each(['loseRequest', 'loseAnswer'] as const)(
    'the hold is not known (%s): 503 with Retry-After and the order, kept as Created; the same key asks again',
    async (fault) => {
      const { id: ticketId } = tickets.offer();
      running.dapr.faults = { invoke: () => fault };
      const answer = await post(running, 'bob', { ticketId }, 'key-1');
      const { orderId } = expectProblem(answer, 503, 'HoldNotKnown') as { orderId: string };
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(await storedOrder(running, orderId)).toMatchObject({ status: 'Created', held: null });
      expectProblem(await post(running, 'bob', { ticketId }, 'key-1'), 503, 'HoldNotKnown');

      running.dapr.faults = {};
      const mended = await post(running, 'bob', { ticketId }, 'key-1');
      expect([mended.status, mended.body]).toMatchObject([
        201,
        { id: orderId, status: 'AwaitingPayment', price: 4500 },
      ]);
      expect(await stored()).toBe(1);
      await running.dapr.settle();
      const told = running.dapr.published.filter(({ event }) => event.subject === orderId);
      expect(told.map(({ event }) => event.type)).toEqual(['order.created']);
    },
  );

  it('the same buyer without a key gets the order whose hold was made', async () => {
    const { id: ticketId } = tickets.offer();
    running.dapr.faults = { invoke: () => 'loseAnswer' };
    const { orderId } = expectProblem(await post(running, 'bob', { ticketId }), 503) as { orderId: string };
    running.dapr.faults = {};
    expect((await post(running, 'bob', { ticketId })).body).toMatchObject({ id: orderId, status: 'AwaitingPayment' });
  });

  it('a buyer who has the order already is answered with it', async () => {
    const { id: ticketId } = tickets.offer();
    const first = await placedBy(running, 'bob', ticketId, 'key-1');
    running.dapr.faults = { invoke: () => 'loseRequest' };
    const again = await post(running, 'bob', { ticketId }, 'key-1');
    expect([again.status, again.body]).toEqual([200, first]);
  });

  it('and the order was given up meanwhile, the key is used up and the hold let go', async () => {
    const ticket = tickets.offer();
    running.dapr.faults = { invoke: () => 'loseRequest' };
    await post(running, 'bob', { ticketId: ticket.id }, 'key-1');
    running.dapr.clock.advance(requestBudgetMs);
    await running.reconcile();
    expectProblem(await post(running, 'bob', { ticketId: ticket.id }, 'key-1'), 409, 'OrderCancelled');
    running.dapr.faults = {};
    expectProblem(await post(running, 'bob', { ticketId: ticket.id }, 'key-1'), 409, 'OrderCancelled');
    expect(ticket.orderId).toBeNull();
  });
});

it('who is signed in cannot be known while the session store is down: 503 with Retry-After', async () => {
  running.dapr.faults = { state: () => 'loseRequest' };
  const answer = await post(running, 'bob', { ticketId: tickets.offer().id });
  expectProblem(answer, 503, 'SessionsUnavailable');
  expect(answer.headers['retry-after']).toBeDefined();
});
