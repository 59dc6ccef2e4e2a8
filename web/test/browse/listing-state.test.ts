import type { ListingChange, Ticket } from '@/api/types';
import type { ListingQuery } from '@/browse/listing-query';
import { append, applyChange, knownIn, type Listing, listingOf, reconcile, showWaiting } from '@/browse/listing-state';
import { aTicket } from '../a-ticket';

const newest: ListingQuery = { q: '', sort: 'newest' };

const ticket = (id: string, more: Partial<Ticket> = {}): Ticket => aTicket({ id, title: `Ticket ${id}`, ...more });
const change = (kind: ListingChange['change'], of: Ticket): ListingChange => ({ change: kind, ticket: of });
const listing = (ids: string[], nextCursor: string | null = null): Listing =>
  listingOf({ items: ids.map((id) => ticket(id)), nextCursor });
const idsOf = ({ rows }: Listing) => rows.map((row) => row.ticket.id);
const taken = ({ rows }: Listing) => rows.filter((row) => row.taken).map((row) => row.ticket.id);
const waiting = (state: Listing) => state.waiting.map(({ id }) => id);

test('A ticket that is taken is marked in its place; back for sale, the mark goes', () => {
  const held = applyChange(
    listing(['c', 'b', 'a']),
    change('removed', ticket('b', { orderId: 'o', version: 2 })),
    newest,
  );
  expect([idsOf(held), taken(held)]).toEqual([['c', 'b', 'a'], ['b']]);
  const back = applyChange(held, change('listed', ticket('b', { version: 3 })), newest);
  expect([idsOf(back), taken(back), waiting(back)]).toEqual([['c', 'b', 'a'], [], []]);
});

test('What is older than what is shown changes nothing, in whatever order it comes', () => {
  const back = applyChange(listing(['a']), change('listed', ticket('a', { version: 3 })), newest);
  expect(taken(applyChange(back, change('removed', ticket('a', { version: 2, orderId: 'o' })), newest))).toEqual([]);
});

test('A new ticket waits until it is asked for, then stands where it belongs', () => {
  const news = applyChange(listing(['c', 'a']), change('listed', ticket('b')), newest);
  expect([idsOf(news), waiting(news)]).toEqual([['c', 'a'], ['b']]);
  const shown = showWaiting(news, newest);
  expect([idsOf(shown), waiting(shown)]).toEqual([['c', 'b', 'a'], []]);
  expect(shown.rows[1]?.arrived).toBe(true);
});

test('A ticket that is taken while it waits is not shown at all', () => {
  const news = applyChange(listing(['a']), change('listed', ticket('b')), newest);
  expect(waiting(applyChange(news, change('removed', ticket('b', { version: 2 })), newest))).toEqual([]);
});

test('A ticket that is edited while it waits is shown as it is now, or not when it fits no more', () => {
  const cheap = { ...newest, maxCents: 5_000 };
  const news = applyChange(listing(['a']), change('listed', ticket('b')), cheap);
  const edited = applyChange(news, change('changed', ticket('b', { price: 4_900, version: 2 })), cheap);
  expect(edited.waiting[0]?.price).toBe(4_900);
  expect(waiting(applyChange(edited, change('changed', ticket('b', { price: 6_000, version: 3 })), cheap))).toEqual([]);
});

test('A ticket of a page that is not loaded yet does not wait', () => {
  expect(waiting(applyChange(listing(['c', 'b'], 'more'), change('listed', ticket('a')), newest))).toEqual([]);
});

test.each<[string, Partial<ListingQuery>, boolean]>([
  ['words by their beginning', { q: 'mid owl' }, true],
  ['words of the venue', { q: 'LANTERN' }, true],
  ['accents do not count', { q: 'Göteborg' }, true],
  ['another word', { q: 'owls jazz' }, false],
  ['inside of a word', { q: 'night' }, false],
  ['no words', { q: '.*' }, false],
  ['nothing asked', { q: '  ' }, true],
  ['too dear', { maxCents: 4_499 }, false],
  ['at the edge', { minCents: 4_500, maxCents: 4_500 }, true],
  ['too cheap', { minCents: 4_501 }, false],
])('Only what fits is news: %s', (_name, narrowed, fits) => {
  const of = ticket('b', { title: 'The Midnight Owls', venue: 'Lantern Hall, Goteborg' });
  const news = applyChange(listing(['a']), change('listed', of), { ...newest, ...narrowed });
  expect(news.waiting.length).toBe(fits ? 1 : 0);
});

test('The former price is kept while it differs', () => {
  const dearer = applyChange(listing(['a']), change('changed', ticket('a', { price: 5_000, version: 2 })), newest);
  expect(dearer.rows[0]).toMatchObject({ formerPrice: 4_500, ticket: { price: 5_000 } });
});

test('By price, equal ones by age, as the API sorts', () => {
  const byPrice: ListingQuery = { q: '', sort: 'price' };
  const state = listingOf({ items: [ticket('a', { price: 100 }), ticket('d', { price: 300 })], nextCursor: null });
  const news = [ticket('c', { price: 100 }), ticket('b', { price: 200 })].reduce(
    (sofar, of) => applyChange(sofar, change('listed', of), byPrice),
    state,
  );
  expect(idsOf(showWaiting(news, byPrice))).toEqual(['a', 'c', 'b', 'd']);
});

test('Asked again after a gap: what is missing is taken, what is new waits, what changed is shown', () => {
  const state = listing(['d', 'c', 'b', 'a']);
  const page = { items: [ticket('e'), ticket('d'), ticket('b', { price: 9_900, version: 2 })], nextCursor: 'more' };
  const after = reconcile(state, page, newest, knownIn(state));
  expect([taken(after), waiting(after)]).toEqual([['c'], ['e']]);
  expect(after.rows.find((row) => row.ticket.id === 'b')?.ticket.price).toBe(9_900);
});

test('What the stream told while the question was under way stays', () => {
  const state = listing(['b', 'a']);
  const known = knownIn(state);
  const meanwhile = [
    change('removed', ticket('a', { version: 2, orderId: 'o' })),
    change('listed', ticket('a', { version: 3 })),
    change('listed', ticket('c')),
  ].reduce((sofar, each) => applyChange(sofar, each, newest), state);
  const after = reconcile(meanwhile, { items: [ticket('b')], nextCursor: null }, newest, known);
  expect([taken(after), waiting(after)]).toEqual([[], ['c']]);
});

test('The next page brings nothing twice', () => {
  const state = applyChange(listing(['d', 'c'], 'more'), change('listed', ticket('e')), newest);
  const more = append(state, { items: [ticket('e'), ticket('c'), ticket('b')], nextCursor: null });
  expect([idsOf(more), more.nextCursor]).toEqual([['d', 'c', 'b'], null]);
});
