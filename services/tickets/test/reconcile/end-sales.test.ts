import request from 'supertest';
import type { ListingChange } from '../../src/live/listing-feed';
import { listedBy, nobodyWatches, type RunningTickets, releaseBy, startTickets } from '../start-tickets';

let running: RunningTickets;
const seen: [change: ListingChange['change'], id: string][] = [];
beforeAll(async () => {
  const announce = ({ _id }: { _id: string }, change: ListingChange['change']) => void seen.push([change, _id]);
  running = await startTickets({ feed: { ...nobodyWatches, announce } });
});
afterAll(() => running.close());
beforeEach(async () => {
  await running.database.clear();
});

const soonMs = 60_000;
const listed = async (startsInMs?: number): Promise<string> => {
  const startsAt = startsInMs === undefined ? undefined : at(startsInMs);
  const { id } = await listedBy(running, 'ada', { startsAt });
  seen.length = 0;
  return id;
};
const at = (ms: number): string => new Date(running.dapr.clock.now().getTime() + ms).toISOString();
const listing = async (): Promise<string[]> =>
  (await request(running.app).get('/api/tickets').query({ sort: 'price' })).body.items.map(
    ({ id }: { id: string }) => id,
  );

describe('a ticket of an event that has begun', () => {
  it('leaves the listing and the open pages, once, and not a moment before', async () => {
    const [never, later, soon] = [await listed(), await listed(2 * soonMs), await listed(soonMs)];
    running.dapr.clock.advance(soonMs - 1);
    expect(await running.endSales()).toBe(0);
    expect(await listing()).toEqual([never, later, soon]);
    running.dapr.clock.advance(1);
    expect(await running.endSales()).toBe(1);
    expect(await listing()).toEqual([never, later]);
    expect(seen).toEqual([['removed', soon]]);
    expect(await running.endSales()).toBe(0);
  });

  it('says so on its page, as a new version, and is bought by nobody', async () => {
    const id = await listed(soonMs);
    const shown = async () => (await request(running.app).get(`/api/tickets/${id}`)).body;
    expect(await shown()).toMatchObject({ begun: false, version: 1 });
    running.dapr.clock.advance(soonMs);
    await running.endSales();
    expect(await shown()).toMatchObject({ begun: true, orderId: null, sold: false, version: 2 });
    await running.dapr.settle();
    expect(running.dapr.published.at(-1)).toMatchObject({ event: { type: 'ticket.updated', data: { version: 2 } } });
    const now = running.dapr.clock.now();
    expect(await running.tickets.hold(id, { orderId: 'order-1', buyerId: 'bob' }, now, now)).toBeNull();
  });

  it('is for sale again when its seller gives it a later date, and not when only its price is changed', async () => {
    const id = await listed(soonMs);
    running.dapr.clock.advance(soonMs);
    await running.endSales();
    const edit = (body: object) =>
      request(running.app)
        .put(`/api/tickets/${id}`)
        .set('Cookie', running.cookieOf('ada'))
        .send({ title: 'Ada', price: 900, ...body });
    expect((await edit({})).status).toBe(200);
    expect(await listing()).toEqual([]);
    expect(seen.at(-1)).toEqual(['removed', id]);
    expect((await edit({ startsAt: at(soonMs) })).status).toBe(200);
    expect(await listing()).toEqual([id]);
    expect(seen.at(-1)).toEqual(['listed', id]);
  });

  it('that was held when it began is not listed again by the end of the hold', async () => {
    const id = await listed(soonMs);
    const now = running.dapr.clock.now();
    await running.tickets.hold(id, { orderId: 'order-1', buyerId: 'bob' }, now, now);
    running.dapr.clock.advance(soonMs);
    expect(await running.endSales()).toBe(0);
    await releaseBy(running, id, 'order-1');
    expect(seen.at(-1)).toEqual(['removed', id]);
    expect(await listing()).toEqual([]);
    expect(await running.endSales()).toBe(0);
    expect((await request(running.app).get(`/api/tickets/${id}`)).body).toMatchObject({ begun: true, orderId: null });
  });
});
