import { call } from '@/api/call';
import type { Ticket } from '@/api/types';
import { readListing } from '@/browse/read-listing';

jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
const api = jest.mocked(call);

/** A market of so many tickets, which answers as the API does: no more than 100 at once, from a cursor on. */
function marketOf(count: number) {
  const tickets = Array.from({ length: count }, (_, n) => ({ id: `t${n}`, version: 1 }) as Ticket);
  api.mockImplementation(async (path) => {
    const { searchParams } = new URL(path, 'http://here');
    const limit = Number(searchParams.get('limit'));
    if (limit < 1 || limit > 100) throw new Error(`${limit} are no limit`);
    const from = Number(searchParams.get('cursor') ?? 0);
    const to = from + limit;
    return { items: tickets.slice(from, to), nextCursor: to < count ? String(to) : null };
  });
  return tickets;
}

afterEach(() => jest.resetAllMocks());

test.each([
  [240, 200, 200, '200'],
  [240, 240, 240, null],
  [30, 200, 30, null],
  [0, 24, 0, null],
])('Of %i tickets, %i are asked for and %i come', async (there, wanted, come, nextCursor) => {
  const tickets = marketOf(there);
  const page = await readListing({ q: '', sort: 'newest' }, wanted);
  expect(page).toEqual({ items: tickets.slice(0, come), nextCursor });
});

test('From a cursor on, it goes on from there', async () => {
  const tickets = marketOf(240);
  const page = await readListing({ q: '', sort: 'newest' }, 120, '50');
  expect(page).toEqual({ items: tickets.slice(50, 170), nextCursor: '170' });
});

test('A ticket that moved between two answers is there once, as it was told last', async () => {
  api.mockResolvedValueOnce({ items: [{ id: 'a', version: 1 }], nextCursor: '1' }).mockResolvedValueOnce({
    items: [
      { id: 'a', version: 2 },
      { id: 'b', version: 1 },
    ],
    nextCursor: null,
  });
  const page = await readListing({ q: '', sort: 'price' }, 3);
  expect(page.items).toEqual([
    { id: 'a', version: 2 },
    { id: 'b', version: 1 },
  ]);
});
