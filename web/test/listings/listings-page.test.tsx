/** @jest-environment jsdom */
import { act, cleanup, render, screen } from '@testing-library/react';
import ListingsPage from '@/app/listings/page';
import { requireVisitor } from '@/server/require-visitor';
import { callApi } from '@/server/transport';
import { aTicket } from '../a-ticket';
import { heard } from '../live/heard-stream';

const router = { refresh: jest.fn() };
jest.mock('next/navigation', () => ({ useRouter: () => router }));
jest.mock('@/server/refused-page', () => ({ refusedPage: jest.fn() }));
jest.mock('@/server/require-visitor', () => ({ requireVisitor: jest.fn() }));
jest.mock('@/server/transport', () => ({ callApi: jest.fn() }));
jest.mock('@/live/listing-stream', () => jest.requireActual('../live/heard-stream'));

afterEach(cleanup);

const ticket = aTicket({ id: 'a', userId: 'ada' });

async function show(items: object[], nextCursor: string | null, query: Record<string, string> = {}) {
  const account = { id: 'ada', email: 'ada@example.com' };
  jest.mocked(requireVisitor).mockResolvedValue({ state: 'signedIn', account } as never);
  jest.mocked(callApi).mockResolvedValue({ ok: true, body: { items, nextCursor } } as never);
  render(await ListingsPage({ params: Promise.resolve({}), searchParams: Promise.resolve(query) }));
}
const takeDown = () =>
  act(async () => heard.listener?.onChange({ change: 'removed', ticket: { ...ticket, version: 2 } }));
const title = () => screen.getByRole('heading', { level: 2 }).textContent;

test('A seller who has never listed a ticket is told so', async () => {
  await show([], null);
  expect(title()).toBe('You have no tickets listed');
});

test.each([
  ['the only one', null, {}, 'You have nothing listed any more'],
  ['the last of the newest, with older ones below', 'older', {}, 'These listings are gone'],
  ['the last of an older page', null, { cursor: 'older' }, 'These listings are gone'],
])('When %s is taken down, then the page says what is true', async (_, nextCursor, query, words) => {
  await show([ticket], nextCursor, query);
  await takeDown();
  expect(title()).toBe(words);
});
