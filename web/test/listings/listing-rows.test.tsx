/** @jest-environment jsdom */
import { act, cleanup, render, screen } from '@testing-library/react';
import type { ListingChange, Ticket } from '@/api/types';
import { ListingRows } from '@/listings/listing-rows';
import { aTicket } from '../a-ticket';
import { heard } from '../live/heard-stream';

const refresh = jest.fn();
const router = { refresh: () => refresh() };
jest.mock('next/navigation', () => ({ useRouter: () => router }));
jest.mock('@/live/listing-stream', () => jest.requireActual('../live/heard-stream'));

const ticket = (id: string, more: Partial<Ticket> = {}): Ticket =>
  aTicket({ id, title: `Ticket ${id}`, userId: 'ada', ...more });
const told = (change: ListingChange['change'], of: Ticket) =>
  act(async () => heard.listener?.onChange({ change, ticket: of }));
const rows = (tickets: Ticket[], hasMore = false) => (
  <ListingRows tickets={tickets} sellerId="ada" hasMore={hasMore} gone={<p>All gone</p>}>
    <p>Nothing listed</p>
  </ListingRows>
);
const show = (...tickets: Ticket[]) => render(rows(tickets));

const textOf = ({ textContent }: Element) => textContent;

afterEach(() => {
  cleanup();
  jest.resetAllMocks();
});

test('A ticket that somebody begins to buy is shown so in its row', async () => {
  show(ticket('a'));
  await told('removed', ticket('a', { version: 2, orderId: 'o' }));
  expect(screen.getByText('Being bought')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Delete Ticket a' })).toBeNull();
  expect(refresh).not.toHaveBeenCalled();
});

test('One whose event begins says so in words of its own line, read before what it costs, and can be given a later date', async () => {
  const about = { venue: 'Small Hall', startsAt: '2027-05-01T19:00:00Z' };
  show(ticket('a', about));
  await told('removed', ticket('a', { ...about, version: 2, begun: true }));
  // In the order they are read in, one below the other, as they stand on a phone.
  const row = screen.getByRole('listitem');
  const lines = [...row.querySelectorAll(':scope > div > h2, :scope > div > p, :scope > p')].map(textOf);
  expect(lines).toEqual([
    'Ticket a',
    expect.stringMatching(/2027/),
    'Small Hall',
    'Begun, no longer for sale',
    '$45.00',
  ]);
  expect(screen.getByRole('link', { name: 'Edit Ticket a' }).getAttribute('href')).toBe('/listings/a');
  expect(screen.getByRole('button', { name: 'Delete Ticket a' })).toBeTruthy();
});

test('One that was put up elsewhere, and whatever was missed, is asked for; what others sell is not', async () => {
  show(ticket('a'));
  await told('listed', ticket('theirs', { userId: 'bob' }));
  expect(refresh).not.toHaveBeenCalled();
  await told('listed', ticket('b'));
  expect(refresh).toHaveBeenCalledTimes(1);
  await act(async () => heard.listener?.onGap());
  expect(refresh).toHaveBeenCalledTimes(2);
});

test('While there are none, the page says so and still listens', async () => {
  show();
  expect(screen.getByText('Nothing listed')).toBeTruthy();
  await told('listed', ticket('b'));
  expect(refresh).toHaveBeenCalledTimes(1);
});

test('When the last one is taken down, then the page does not say that there never was one', async () => {
  show(ticket('a'));
  await told('removed', ticket('a', { version: 2 }));
  expect(screen.getByText('All gone')).toBeTruthy();
  expect(screen.queryByText('Nothing listed')).toBeNull();
  expect(refresh).not.toHaveBeenCalled();
  await told('listed', ticket('b'));
  expect(refresh).toHaveBeenCalledTimes(1);
});

test('When the last one of this page is taken down, then those of the next page move up', async () => {
  const { rerender } = render(rows([ticket('a')], true));
  await told('removed', ticket('a', { version: 2 }));
  expect(refresh).toHaveBeenCalledTimes(1);
  rerender(rows([ticket('b')]));
  expect(screen.getByText('Ticket b')).toBeTruthy();
  expect(refresh).toHaveBeenCalledTimes(1);
});
