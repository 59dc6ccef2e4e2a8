import { holdAnswer } from '@ticketing/common';
import { holdBy, listedBy, type RunningTickets, releaseBy, startTickets, storedTicket } from '../start-tickets';

let running: RunningTickets;
let id: string;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());
beforeEach(async () => {
  id = (await listedBy(running, 'ada', { title: 'Ada', price: 4500 })).id;
});

const hold = async (buyer: string, orderId: string, price?: number) =>
  holdAnswer.parse((await holdBy(running, id, buyer, orderId, price)).body);
const sold = (orderId: string) => running.tickets.markSold(id, orderId, running.dapr.clock.now());
const ticket = { title: 'Ada', price: 4500, currency: 'usd', sellerId: 'ada' };

describe('a hold', () => {
  it('is granted with the ticket as it is, stored with its time, and told of', async () => {
    expect(await hold('bob', 'order-1')).toEqual({ granted: true, ticket: { id, ...ticket } });
    expect(await storedTicket(running, id)).toMatchObject({
      orderId: 'order-1',
      heldBy: 'bob',
      heldAt: running.dapr.clock.now(),
      forSale: false,
      version: 2,
    });
    await running.dapr.settle();
    expect(running.dapr.published.at(-1)).toMatchObject({
      event: { type: 'ticket.updated', data: { orderId: 'order-1', sold: false, version: 2 } },
    });
  });

  it('tells what the ticket is for, where the seller said so', async () => {
    const event = { venue: 'Royal Hall', startsAt: '2027-06-30T19:30:00.000Z' };
    id = (await listedBy(running, 'ada', { title: 'Ada', price: 4500, ...event })).id;
    expect(await hold('bob', 'order-1')).toEqual({ granted: true, ticket: { id, ...ticket, ...event } });
  });

  it('is granted again to the same order; asked for at another price, it is theirs already', async () => {
    await hold('bob', 'order-1');
    expect(await hold('bob', 'order-1', 1)).toEqual({ granted: false, reason: 'Held', ownOrderId: 'order-1' });
    expect(await hold('bob', 'order-1')).toEqual({ granted: true, ticket: { id, ...ticket } });
  });

  it('is refused to others while it lasts; its own buyer is told of their order', async () => {
    await hold('bob', 'order-1');
    expect(await hold('eve', 'order-2')).toEqual({ granted: false, reason: 'Held' });
    expect(await hold('bob', 'order-3')).toEqual({ granted: false, reason: 'Held', ownOrderId: 'order-1' });
  });

  it('is refused for ever once the ticket is sold, to the order that bought it too', async () => {
    await hold('bob', 'order-1');
    await sold('order-1');
    expect(await hold('eve', 'order-2')).toEqual({ granted: false, reason: 'Sold' });
    expect(await hold('bob', 'order-3')).toEqual({ granted: false, reason: 'Sold', ownOrderId: 'order-1' });
    expect(await hold('bob', 'order-1')).toEqual({ granted: false, reason: 'Sold', ownOrderId: 'order-1' });
  });

  it('is refused to the seller, and at a price that is not the ticket’s', async () => {
    expect(await hold('ada', 'order-1')).toEqual({ granted: false, reason: 'OwnTicket' });
    expect(await hold('bob', 'order-1', 4400)).toEqual({ granted: false, reason: 'PriceChanged', price: 4500 });
    expect(await storedTicket(running, id)).toMatchObject({ orderId: null, version: 1 });
    expect(await hold('bob', 'order-1', 4500)).toMatchObject({ granted: true });
  });

  it('is refused once the event has begun, but granted again to who had it before', async () => {
    const startsAt = new Date(running.dapr.clock.now().getTime() + 60_000).toISOString();
    const undated = id;
    const free = (await listedBy(running, 'ada', { startsAt })).id;
    id = (await listedBy(running, 'ada', { startsAt })).id;
    running.dapr.clock.advance(59_999);
    expect(await hold('bob', 'order-1')).toMatchObject({ granted: true });
    running.dapr.clock.advance(1);
    expect(await hold('bob', 'order-1')).toMatchObject({ granted: true });
    expect(await hold('eve', 'order-2')).toEqual({ granted: false, reason: 'Held' });
    id = free;
    expect(await hold('bob', 'order-3')).toEqual({ granted: false, reason: 'EventBegun' });
    expect(await hold('bob', 'order-3', 1)).toEqual({ granted: false, reason: 'EventBegun' });
    expect(await storedTicket(running, id)).toMatchObject({ orderId: null, version: 1 });
    id = undated;
    expect(await hold('bob', 'order-4')).toMatchObject({ granted: true });
  });

  it('that is refused writes nothing and tells nothing', async () => {
    await hold('bob', 'order-1');
    const before = await storedTicket(running, id);
    await hold('eve', 'order-2');
    expect({ ...(await storedTicket(running, id)), outbox: [] }).toEqual({ ...before, outbox: [] });
  });

  it('may be asked for by orders only', async () => {
    const path = `internal/tickets/${id}/hold`;
    const body = { orderId: 'order-1', buyerId: 'bob' };
    for (const app of ['payments', 'auth']) {
      const { status } = await running.dapr.of(app).invoker.invoke({ app: 'tickets', method: 'POST', path, body });
      expect(status).toBe(403);
    }
    const direct = await fetch(`${running.dapr.urlOf('tickets')}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'dapr-caller-app-id': 'orders' },
      body: JSON.stringify(body),
    });
    expect(direct.status).toBe(403);
    expect((await storedTicket(running, id)).orderId).toBeNull();
  });
});

describe('a release', () => {
  it('puts the ticket back for sale, and says the same when it comes again', async () => {
    await hold('bob', 'order-1');
    expect((await releaseBy(running, id, 'order-1')).status).toBe(204);
    expect((await releaseBy(running, id, 'order-1')).status).toBe(204);
    const released = await storedTicket(running, id);
    expect(released).toMatchObject({ orderId: null, heldBy: null, heldAt: null, forSale: true, version: 3 });
    expect(released).not.toHaveProperty('holdCheckAt');
  });

  it('leaves alone what another order has, and what is sold', async () => {
    await hold('bob', 'order-1');
    await releaseBy(running, id, 'order-2');
    expect((await storedTicket(running, id)).orderId).toBe('order-1');
    await sold('order-1');
    await releaseBy(running, id, 'order-1');
    expect(await storedTicket(running, id)).toMatchObject({ orderId: 'order-1', sold: true });
  });

  it('gives each round of hold and release an event of its own, of the same order too', async () => {
    for (let round = 0; round < 2; round++) {
      await hold('bob', 'order-1');
      await releaseBy(running, id, 'order-1');
    }
    await running.dapr.settle();
    const told = running.dapr.published.filter(({ event }) => event.subject === id);
    expect(new Set(told.map(({ event }) => event.id)).size).toBe(5);
    expect((await storedTicket(running, id)).outbox).toEqual([]);
  });
});
