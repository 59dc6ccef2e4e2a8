import { newId, sortOrders } from '@ticketing/common';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, type ListingQuery, type SortOrder } from '../../src/data/listing';
import type { TicketView } from '../../src/ticket-view';
import { type RunningTickets, startTickets } from '../start-tickets';

let running: RunningTickets;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());
beforeEach(() => running.database.clear());

const now = new Date('2026-11-21T10:00:00.000Z');
const [over, soon, later] = ['2026-11-20T20:00:00.000Z', '2026-12-01T20:00:00.000Z', '2027-01-01T20:00:00.000Z'];
// Few prices, titles and dates: equal ones are what paging goes wrong on.
const rows = fc.array(
  fc.record({
    price: fc.constantFrom(100, 200, 300),
    title: fc.constantFrom('Ada live', 'Ada and Bob', 'Bob alone'),
    venue: fc.constantFrom(null, 'Hall', 'Bob’s Hall'),
    startsAt: fc.constantFrom(null, over, soon, later),
    fate: fc.constantFrom('for sale', 'for sale', 'held', 'sold', 'deleted'),
  }),
  { maxLength: 20 },
);
const queries = fc.record({
  sort: fc.constantFrom(...sortOrders),
  limit: fc.integer({ min: 1, max: 7 }),
  q: fc.option(fc.constantFrom('ada', 'bo', 'ADA bob', 'hall ad'), { nil: undefined }),
  minPrice: fc.option(fc.constantFrom(100, 200), { nil: undefined }),
  maxPrice: fc.option(fc.constantFrom(200, 300), { nil: undefined }),
});

interface Row {
  price: number;
  title: string;
  venue?: string | null;
  startsAt?: string | null | undefined;
  fate: string;
}

async function list({ price, title, venue = null, startsAt, ...row }: Row): Promise<string> {
  const id = newId();
  const startsAtDate = startsAt ? new Date(startsAt) : null;
  const { tickets } = running;
  const ticket = await tickets.insert({ id, title, price, venue, startsAt: startsAtDate, userId: 'seller', now });
  if (row.fate === 'deleted') await tickets.remove(ticket, now);
  if (row.fate === 'held' || row.fate === 'sold')
    // In time, whatever has begun since.
    await tickets.hold(id, { orderId: `o-${id}`, buyerId: 'bob' }, new Date(0), now);
  if (row.fate === 'sold') await tickets.markSold(id, `o-${id}`, now);
  return id;
}

async function throughAllPages(query: ListingQuery): Promise<TicketView[]> {
  const seen: TicketView[] = [];
  for (let after: ListingQuery['after'], page = 0; page < 50; page++) {
    const { items, nextCursor } = await running.tickets.browse({ ...query, after }, now);
    expect(items.length).toBeLessThanOrEqual(query.limit);
    seen.push(...items);
    if (!nextCursor) return seen;
    expect(items).toHaveLength(query.limit);
    after = decodeCursor(nextCursor);
  }
  throw new Error('the pages do not end');
}

const dateOf = ({ startsAt }: TicketView) => (startsAt ? Date.parse(startsAt) : 1e15);
const before: Record<SortOrder, (one: TicketView, other: TicketView) => number> = {
  newest: (one, other) => (one.id < other.id ? 1 : -1),
  price: (one, other) => one.price - other.price || (one.id < other.id ? -1 : 1),
  '-price': (one, other) => other.price - one.price || (one.id < other.id ? 1 : -1),
  startsAt: (one, other) => dateOf(one) - dateOf(other) || (one.id < other.id ? -1 : 1),
};
const wordsOf = (q: string | undefined) => (q ?? '').toLowerCase().split(' ');

describe('paging through a listing', () => {
  it('never repeats nor skips a ticket, whatever the order, and shows only what is for sale and asked for', async () => {
    await fc.assert(
      fc.asyncProperty(rows, queries, async (given, query) => {
        await running.database.clear();
        const listed: TicketView[] = [];
        const ids = await Promise.all(given.map(list));
        for (const [n, row] of given.entries()) {
          const id = ids[n] ?? '';
          const view = { id, price: row.price, startsAt: row.startsAt } as TicketView;
          const titleWords = `${row.title} ${row.venue ?? ''}`.toLowerCase().split(/[ ’]/);
          const found = wordsOf(query.q).every((word) => titleWords.some((other) => other.startsWith(word)));
          const inRange = row.price >= (query.minPrice ?? 0) && row.price <= (query.maxPrice ?? 1e9);
          const isShown = query.sort !== 'startsAt' || row.startsAt !== over;
          if (row.fate === 'for sale' && found && inRange && isShown) listed.push(view);
        }
        const pages = await throughAllPages(query);
        expect(pages.map(({ id }) => id)).toEqual(listed.sort(before[query.sort]).map(({ id }) => id));
      }),
      { numRuns: 40 },
    );
  });

  it('is not upset by what is sold or listed meanwhile', async () => {
    for (const price of [100, 100, 100, 100]) await list({ price, title: 'Ada', fate: 'for sale' });
    const query: ListingQuery = { sort: 'price', limit: 2 };
    const first = await running.tickets.browse(query, now);
    const last = first.items[1]?.id ?? '';
    await running.tickets.hold(last, { orderId: 'o', buyerId: 'bob' }, now, now);
    const late = await list({ price: 200, title: 'Ada', fate: 'for sale' });
    const second = await running.tickets.browse(
      { ...query, limit: 9, after: decodeCursor(first.nextCursor ?? '') },
      now,
    );
    const firstIds = first.items.map(({ id }) => id);
    expect(second.items).toHaveLength(3);
    expect(second.items.map(({ id }) => id)).toContain(late);
    expect(second.items.filter(({ id }) => firstIds.includes(id))).toEqual([]);
  });

  it('keeps to the price range, whatever the cursor says', async () => {
    for (const price of [100, 200, 300]) await list({ price, title: 'Ada', fate: 'for sale' });
    const prices = async (query: Partial<ListingQuery>) =>
      (await running.tickets.browse({ sort: 'price', limit: 9, ...query }, now)).items.map(({ price }) => price);
    expect(await prices({ minPrice: 200, after: { price: 50, id: '0' } })).toEqual([200, 300]);
    expect(await prices({ sort: '-price', maxPrice: 200, after: { price: 900, id: 'f' } })).toEqual([200, 100]);
  });
});

describe('a listing by date', () => {
  it('goes on from where it was when events begin meanwhile, and never shows one that has begun', async () => {
    for (const startsAt of [soon, soon, later, null])
      await list({ price: 100, title: 'Ada', startsAt, fate: 'for sale' });
    const first = await running.tickets.browse({ sort: 'startsAt', limit: 1 }, now);
    const afterSoon = new Date('2026-12-02T10:00:00.000Z');
    const query: ListingQuery = { sort: 'startsAt', limit: 9, after: decodeCursor(first.nextCursor ?? '') };
    const dates = async (at: Date) => (await running.tickets.browse(query, at)).items.map(({ startsAt }) => startsAt);
    expect(await dates(now)).toEqual([soon, later, null]);
    expect(await dates(afterSoon)).toEqual([later, null]);
  });
});

describe('a seller’s own tickets', () => {
  it('are all but the deleted ones, newest first, page by page', async () => {
    const fates = ['for sale', 'held', 'deleted', 'sold', 'for sale'];
    const ids: string[] = [];
    for (const fate of fates) ids.push(await list({ price: 100, title: 'Ada', fate }));
    const kept = ids
      .filter((_, n) => fates[n] !== 'deleted')
      .sort()
      .reverse();
    const first = await running.tickets.listOwn('seller', 3);
    const second = await running.tickets.listOwn('seller', 3, decodeCursor(first.nextCursor ?? ''));
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(kept);
    expect(second.nextCursor).toBeNull();
    expect((await running.tickets.listOwn('somebody else', 3)).items).toEqual([]);
  });
});

describe('a cursor', () => {
  const number = fc.option(fc.integer(), { nil: undefined });

  it('comes back as it was given out', () => {
    fc.assert(
      fc.property(fc.record({ id: fc.string(), price: number, startsAtMs: number }), (cursor) => {
        expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
      }),
    );
  });

  it('is nothing when it is not ours, whatever it is', () => {
    const notOurs = fc.oneof(
      fc.string(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    fc.assert(
      fc.property(notOurs, (text) => {
        const cursor = decodeCursor(text);
        expect(cursor === undefined || typeof cursor.id === 'string').toBe(true);
      }),
    );
    for (const json of [
      'null',
      '3',
      '[]',
      '{}',
      '{"id":{"$gt":""}}',
      '{"id":"a","price":"1"}',
      '{"id":"a","price":null}',
      '{"id":"a","startsAtMs":"1"}',
      '{"id":"a","startsAtMs":1e16}',
      '{"id":"a","startsAtMs":{"$gt":0}}',
    ]) {
      expect(decodeCursor(Buffer.from(json).toString('base64url'))).toBeUndefined();
    }
  });
});
