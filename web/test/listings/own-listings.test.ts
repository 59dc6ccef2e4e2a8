import type { ListingChange, Ticket } from '@/api/types';
import { describeNews, hear, type News, withNews } from '@/listings/own-listings';
import { aTicket } from '../a-ticket';

const ticket = (version: number, more: Partial<Ticket> = {}): Ticket =>
  aTicket({ id: 'own', title: 'Box 5', version, ...more });
const other = ticket(1, { id: 'other' });
const nothing: News = new Map();
const told = (change: ListingChange['change'], of: Ticket): ListingChange => ({ change, ticket: of });
const held = told('removed', ticket(2, { orderId: 'order' }));

test('A ticket that somebody begins to buy is shown as it is now, in its place', () => {
  const tickets = [ticket(1), other];
  expect(withNews(tickets, hear(nothing, tickets, held))).toEqual([held.ticket, other]);
});

test('Back for sale, it is as before', () => {
  const tickets = [ticket(1)];
  const back = told('listed', ticket(3));
  expect(withNews(tickets, hear(hear(nothing, tickets, held), tickets, back))).toEqual([back.ticket]);
});

test('Taken down in another tab, it is gone', () => {
  const tickets = [ticket(1), other];
  expect(withNews(tickets, hear(nothing, tickets, told('removed', ticket(2))))).toEqual([other]);
});

test('When its event begins, it stays, and its seller is told', () => {
  const tickets = [ticket(1)];
  const begun = told('removed', ticket(2, { begun: true }));
  expect(withNews(tickets, hear(nothing, tickets, begun))).toEqual([begun.ticket]);
  expect(describeNews(ticket(1), begun.ticket)).toBe('“Box 5” has begun, and is no longer for sale.');
});

test('Old news, repeated news and news of others change nothing', () => {
  const tickets = [ticket(2)];
  const known = hear(nothing, tickets, told('changed', ticket(4)));
  expect(hear(known, tickets, told('changed', ticket(3)))).toBe(known);
  expect(hear(known, tickets, told('changed', ticket(4)))).toBe(known);
  expect(hear(known, tickets, told('changed', ticket(9, { id: 'of somebody else' })))).toBe(known);
});

test('A page that was sent after the news counts more than they do', () => {
  const sent = ticket(5, { title: 'Box 6' });
  expect(withNews([sent], hear(nothing, [ticket(1)], held))).toEqual([sent]);
});

test.each([
  [ticket(1), held.ticket, 'Somebody is buying “Box 5”.'],
  [held.ticket, ticket(3, { orderId: 'order', sold: true }), '“Box 5” is sold.'],
  [held.ticket, ticket(3), '“Box 5” is for sale again.'],
  [ticket(1), ticket(2, { price: 5_000 }), undefined],
])('The seller is told what others did', (before, after, sentence) => {
  expect(describeNews(before, after)).toBe(sentence);
});
