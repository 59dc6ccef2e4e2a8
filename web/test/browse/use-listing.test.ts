/** @jest-environment jsdom */
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { call } from '@/api/call';
import { ApiError, unreachable } from '@/api/problem';
import type { Page, Ticket } from '@/api/types';
import type { ListingQuery } from '@/browse/listing-query';
import { useListing } from '@/browse/use-listing';
import { aTicket } from '../a-ticket';
import { heard } from '../live/heard-stream';

jest.mock('@/live/listing-stream', () => jest.requireActual('../live/heard-stream'));
jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
const api = jest.mocked(call);

const query: ListingQuery = { q: '', sort: 'newest' };
/** What a page remembers of an address is none of the next test's. */
let place = 0;
const addressOf = (rows: number) => `/${place}?show=${rows}`;
const ticket = (id: string, version = 1): Ticket => aTicket({ id, title: `Ticket ${id}`, version });
const page = (ids: string[], nextCursor: string | null = null): Page<Ticket> => ({
  items: ids.map((id) => ticket(id)),
  nextCursor,
});

function show(initial: Page<Ticket>, fromStart = true) {
  const { result, unmount } = renderHook(() => useListing({ initial, query, fromStart, addressOf }));
  return {
    now: () => result.current,
    rows: () => result.current.listing.rows.map(({ ticket: { id }, taken }) => (taken ? `${id} taken` : id)),
    waiting: () => result.current.listing.waiting.map(({ id }) => id),
    leave: unmount,
  };
}

const told = (change: 'listed' | 'removed', of: Ticket) =>
  act(async () => heard.listener?.onChange({ change, ticket: of }));
const missed = () => act(async () => heard.listener?.onGap());

beforeEach(() => {
  place += 1;
  window.history.replaceState(null, '', `/${place}`);
});
afterEach(() => {
  cleanup();
  jest.resetAllMocks();
});

test('What is taken is marked, what is new waits until it is asked for', async () => {
  const { now, rows, waiting } = show(page(['b', 'a']));
  await told('removed', { ...ticket('a', 2), orderId: 'o' });
  await told('listed', ticket('c'));
  expect([rows(), waiting()]).toEqual([['b', 'a taken'], ['c']]);
  act(() => now().show());
  expect([rows(), waiting()]).toEqual([['c', 'b', 'a taken'], []]);
  expect(api).not.toHaveBeenCalled();
});

test('After changes were missed, all that is shown is asked for again', async () => {
  const { rows, waiting } = show(page(['c', 'b', 'a']));
  api.mockResolvedValueOnce(page(['d', 'c', 'a']));
  await missed();
  expect([rows(), waiting()]).toEqual([['c', 'b taken', 'a'], ['d']]);
});

test('A question without an answer leaves what is shown as it is, and the next one is as good', async () => {
  const { rows } = show(page(['b', 'a']));
  api.mockRejectedValueOnce(new ApiError(unreachable)).mockResolvedValueOnce(page(['b']));
  await missed();
  expect(rows()).toEqual(['b', 'a']);
  await missed();
  expect(rows()).toEqual(['b', 'a taken']);
});

test('From the middle of the listing nothing is asked for again: that page cannot be', async () => {
  show(page(['b', 'a']), false);
  await missed();
  expect(api).not.toHaveBeenCalled();
});

test('A page that was left listens no more', () => {
  const { leave } = show(page(['a']));
  expect(heard.listener).toBeDefined();
  leave();
  expect(heard.listener).toBeUndefined();
});

test('More comes behind what is there; when it does not, the page says why, and it can be asked for again', async () => {
  const { now, rows } = show(page(['c', 'b'], 'next'));
  api.mockRejectedValueOnce(new ApiError(unreachable));
  expect(await act(async () => now().loadMore())).toBe(0);
  expect([now().problem?.code, now().loading]).toEqual(['Unreachable', false]);

  api.mockResolvedValueOnce(page(['a']));
  expect(await act(async () => now().loadMore())).toBe(1);
  await waitFor(() => expect(rows()).toEqual(['c', 'b', 'a']));
  expect([now().problem, now().listing.nextCursor]).toEqual([undefined, null]);
  expect(api.mock.calls.map(([path]) => path)).toEqual(Array(2).fill('/api/tickets?sort=newest&limit=24&cursor=next'));
});

test('On the way back, the page is as long as it was', async () => {
  const many = Array.from({ length: 30 }, (_, n) => `t${String(99 - n)}`);
  const { now, leave } = show(page(many.slice(0, 24), 'next'));
  api.mockResolvedValueOnce(page(many.slice(24)));
  await act(async () => now().loadMore());
  leave();
  window.history.replaceState(null, '', addressOf(30));
  expect(show(page(many.slice(0, 24), 'next')).rows()).toEqual(many);
});
