import { waitUntil } from '@ticketing/common/testing';
import express from 'express';
import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import type { Tickets } from '../../src/data/tickets';
import { listTickets } from '../../src/http/list-tickets';
import { holdBy, type Listed, listedBy, type RunningTickets, releaseBy, startTickets } from '../start-tickets';

let running: RunningTickets;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());
beforeEach(() => running.database.clear());

const list = async (query: Record<string, unknown> = {}) => {
  const answer = await request(running.app).get('/api/tickets').query(query);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as { items: Listed[]; nextCursor: string | null };
};
const inDays = (days: number) => new Date(running.dapr.clock.now().getTime() + days * 24 * 3_600_000).toISOString();
const titles = async (query: Record<string, unknown> = {}) => (await list(query)).items.map(({ title }) => title);

describe('GET /api/tickets', () => {
  it('is open to everybody, and empty at first', async () => {
    expect(await list()).toEqual({ items: [], nextCursor: null });
  });

  it('shows what is for sale, and nothing that is held, sold or deleted', async () => {
    const ticket = await listedBy(running, 'ada');
    expect((await list()).items).toEqual([ticket]);
    await holdBy(running, ticket.id, 'bob', 'order-1');
    expect((await list()).items).toEqual([]);
    await releaseBy(running, ticket.id, 'order-1');
    expect((await list()).items).toMatchObject([{ id: ticket.id, orderId: null }]);
    await holdBy(running, ticket.id, 'bob', 'order-2');
    await running.tickets.markSold(ticket.id, 'order-2', running.dapr.clock.now());
    expect((await list()).items).toEqual([]);
  });

  it('finds by the beginnings of words, all of them, whatever case and accents', async () => {
    await listedBy(running, 'ada', { title: 'Beyoncé in Berlin' });
    await listedBy(running, 'ada', { title: 'Berlin Philharmonic' });
    expect(await titles({ q: 'BEYONCE' })).toEqual(['Beyoncé in Berlin']);
    expect(await titles({ q: 'berl phil' })).toEqual(['Berlin Philharmonic']);
    expect((await titles({ q: 'berlin' })).sort()).toEqual(['Berlin Philharmonic', 'Beyoncé in Berlin']);
    expect(await titles({ q: 'erlin' })).toEqual([]);
    for (const noWords of ['.*', '(', '🎟']) expect(await titles({ q: noWords })).toEqual([]);
    for (const nothingAsked of ['', '  ']) expect(await titles({ q: nothingAsked })).toHaveLength(2);
    expect(await titles({ q: 'b be ber berl berli berlin p ph nonsense' })).toEqual(['Berlin Philharmonic']);
    expect(await titles({ q: 'b be ber berl berli berlin p nonsense' })).toEqual([]);
  });

  it('finds by the words of the venue, together with those of the title', async () => {
    await listedBy(running, 'ada', { title: 'Ada unplugged', venue: 'Philharmonie, Köln' });
    await listedBy(running, 'ada', { title: 'Ada unplugged', venue: 'Royal Hall' });
    await listedBy(running, 'ada', { title: 'Ada unplugged' });
    const venues = async (q: string) => (await list({ q })).items.map(({ venue }) => venue);
    expect(await venues('ada koln phil')).toEqual(['Philharmonie, Köln']);
    expect(await venues('royal')).toEqual(['Royal Hall']);
    expect(await venues('ada')).toHaveLength(3);
  });

  it('shows by date what comes first, and what has no date last', async () => {
    const days = [9, undefined, 2, 5];
    for (const day of days)
      await listedBy(running, 'ada', { title: `in ${day}`, startsAt: day === undefined ? day : inDays(day) });
    expect(await titles({ sort: 'startsAt' })).toEqual(['in 2', 'in 5', 'in 9', 'in undefined']);
    const first = await list({ sort: 'startsAt', limit: 3 });
    expect((await titles({ sort: 'startsAt', limit: 3, cursor: first.nextCursor }))[0]).toBe('in undefined');
    running.dapr.clock.advance(3 * 24 * 3_600_000);
    expect(await titles({ sort: 'startsAt' })).toEqual(['in 5', 'in 9', 'in undefined']);
  });

  it('keeps to a price range, its ends included, and to the order asked for', async () => {
    for (const price of [100, 300, 200]) await listedBy(running, 'ada', { title: `for ${price}`, price });
    expect(await titles({ minPrice: 200, sort: 'price' })).toEqual(['for 200', 'for 300']);
    expect(await titles({ maxPrice: 200, sort: '-price' })).toEqual(['for 200', 'for 100']);
    expect(await titles({ minPrice: 200, maxPrice: 200 })).toEqual(['for 200']);
    expect(await titles({ minPrice: 300, maxPrice: 200 })).toEqual([]);
  });

  it('goes on where the cursor says', async () => {
    for (const price of [100, 200, 300]) await listedBy(running, 'ada', { title: `for ${price}`, price });
    const first = await list({ sort: 'price', limit: 2 });
    expect(first.items.map(({ price }) => price)).toEqual([100, 200]);
    const second = await list({ sort: 'price', limit: 2, cursor: first.nextCursor });
    expect(second).toMatchObject({ items: [{ price: 300 }], nextCursor: null });
  });

  it('refuses the cursor of a listing in another order', async () => {
    const orders = ['newest', 'price', 'startsAt'];
    for (const title of ['one', 'two']) await listedBy(running, 'ada', { title, startsAt: inDays(1) });
    for (const sort of orders) {
      const { nextCursor } = await list({ sort, limit: 1 });
      const others = orders.filter((other) => other !== sort);
      for (const other of others) {
        const answer = await request(running.app).get('/api/tickets').query({ sort: other, cursor: nextCursor });
        const { errors } = expectProblem(answer, 400, 'InvalidInput');
        expect(errors).toEqual([{ field: 'cursor', message: expect.stringContaining('another order') }]);
      }
      expect(await titles({ sort, cursor: nextCursor })).toHaveLength(1);
    }
    const { nextCursor } = await list({ sort: 'newest', limit: 1 });
    expect(await titles({ cursor: nextCursor })).toHaveLength(1);
  });

  it.each(['limit=0', 'limit=101', 'limit=-1', 'limit=1e1', 'sort=oldest', 'sort=price&sort=price', 'cursor=zzz'])(
    'answers 400 for ?%s',
    async (query) => {
      expectProblem(await request(running.app).get(`/api/tickets?${query}`), 400, 'InvalidInput');
    },
  );
});

describe('visitors who ask for the same listing at once', () => {
  it('share two queries: one under way, and one that began after they asked', async () => {
    await listedBy(running, 'ada');
    const gate = gated(running.tickets);
    let arrived = 0;
    const app = express();
    app.use((_req, _res, next) => {
      arrived += 1;
      next();
    });
    app.get('/tickets', listTickets({ tickets: gate.tickets, clock: running.dapr.clock }));
    const server = app.listen(0, '127.0.0.1');
    const asking = Promise.all(Array.from({ length: 30 }, () => request(server).get('/tickets')));
    await waitUntil(() => arrived === 30 && gate.queries() === 1);
    gate.open();
    expect((await asking).map(({ body }) => body.items.length)).toEqual(Array(30).fill(1));
    expect(gate.queries()).toBe(2);
    server.close();
  });

  it('are never answered from before they asked', async () => {
    const server = running.dapr.urlOf('tickets');
    for (let round = 1; round <= 5; round++) {
      const early = request(server)
        .get('/api/tickets')
        .then(({ body }) => body.items.length as number);
      await listedBy(running, 'ada');
      const late = await Promise.all(
        [1, 2, 3].map(() =>
          request(server)
            .get('/api/tickets')
            .then(({ body }) => body.items.length as number),
        ),
      );
      expect(late).toEqual([round, round, round]);
      expect([round - 1, round]).toContain(await early);
    }
  });
});

/** The tickets, whose queries wait at a gate until it is opened. */
function gated(tickets: Tickets) {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let queries = 0;
  const browse: Tickets['browse'] = async (...query) => {
    queries += 1;
    await opened;
    return tickets.browse(...query);
  };
  return { tickets: { browse }, open: () => open(), queries: () => queries };
}
