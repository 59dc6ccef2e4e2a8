// The listing as a visitor sees it while it changes: pure, so that every order of events can be tested.
import type { ListingChange, Page, Ticket } from '@/api/types';
import type { ListingQuery, Sort } from './listing-query';

export interface Row {
  ticket: Ticket;
  /** Held, sold or taken down since it was shown. */
  taken: boolean;
  /** It was put in while the visitor looked. */
  arrived: boolean;
  /** Cents, before it changed in front of the visitor. */
  formerPrice?: number;
}

export interface Listing {
  rows: Row[];
  /** Newly for sale, not yet shown: they would push away what somebody is about to press. */
  waiting: Ticket[];
  nextCursor: string | null;
}

export const listingOf = ({ items, nextCursor }: Page<Ticket>): Listing => ({
  rows: items.map(shown),
  waiting: [],
  nextCursor,
});

/** A change from the stream. Changes may be repeated or late: what is older than what is shown is left out. */
export function applyChange(listing: Listing, { change, ticket }: ListingChange, query: ListingQuery): Listing {
  const known = listing.rows.find((row) => row.ticket.id === ticket.id);
  if (known) return replaceRow(listing, updateRow(known, ticket, change === 'removed'));
  const waits = listing.waiting.find(({ id }) => id === ticket.id);
  if (waits && waits.version > ticket.version) return listing;
  const others = waits ? listing.waiting.filter((other) => other !== waits) : listing.waiting;
  const isWanted =
    change !== 'removed' &&
    (change === 'listed' || waits) &&
    matches(ticket, query) &&
    belongsHere(listing, ticket, query);
  if (!isWanted) return waits ? { ...listing, waiting: others } : listing;
  return { ...listing, waiting: [...others, ticket] };
}

/** What was known when the listing was asked for again: ids with their versions. */
export type Known = ReadonlyMap<string, number>;

export const knownIn = ({ rows, waiting }: Listing): Known =>
  new Map([...rows.map(({ ticket }) => ticket), ...waiting].map(({ id, version }) => [id, version]));

/**
 * The same listing asked for again, from its beginning, after changes may have been missed. What the answer lacks is
 * taken, unless the stream has told of it since the question.
 */
export function reconcile(listing: Listing, page: Page<Ticket>, query: ListingQuery, known: Known): Listing {
  const last = page.items.at(-1);
  const found = new Map(page.items.map((ticket) => [ticket.id, ticket]));
  const isMissing = (ticket: Ticket) =>
    !found.has(ticket.id) &&
    known.get(ticket.id) === ticket.version &&
    (page.nextCursor === null || (last !== undefined && inOrder[query.sort](ticket, last) <= 0));
  const rows = listing.rows.map((row) => {
    const now = found.get(row.ticket.id);
    if (now) return updateRow(row, now, false);
    return isMissing(row.ticket) ? { ...row, taken: true } : row;
  });
  const isShown = new Set([...rows.map(({ ticket }) => ticket.id), ...listing.waiting.map(({ id }) => id)]);
  const waiting = [
    ...listing.waiting.filter((ticket) => !isMissing(ticket)).map((ticket) => newer(ticket, found.get(ticket.id))),
    ...page.items.filter((ticket) => !isShown.has(ticket.id) && belongsHere(listing, ticket, query)),
  ];
  return { ...listing, rows, waiting };
}

const newer = (ticket: Ticket, found: Ticket | undefined): Ticket =>
  found && found.version > ticket.version ? found : ticket;

/** Puts those that wait where they belong. */
export function showWaiting(listing: Listing, { sort }: ListingQuery): Listing {
  const arrived = listing.waiting.map((ticket) => ({ ...shown(ticket), arrived: true }));
  const rows = [...arrived, ...listing.rows].sort((a, b) => inOrder[sort](a.ticket, b.ticket));
  return { ...listing, rows, waiting: [] };
}

/** The next page, behind what is there. */
export function append(listing: Listing, { items, nextCursor }: Page<Ticket>): Listing {
  const known = new Set([...listing.rows.map(({ ticket }) => ticket.id), ...listing.waiting.map(({ id }) => id)]);
  return { ...listing, rows: [...listing.rows, ...items.filter(({ id }) => !known.has(id)).map(shown)], nextCursor };
}

const shown = (ticket: Ticket): Row => ({ ticket, taken: false, arrived: false });

const replaceRow = (listing: Listing, row: Row): Listing => ({
  ...listing,
  rows: listing.rows.map((old) => (old.ticket.id === row.ticket.id ? row : old)),
});

function updateRow(row: Row, ticket: Ticket, taken: boolean): Row {
  if (ticket.version < row.ticket.version || (ticket.version === row.ticket.version && taken === row.taken)) return row;
  const formerPrice = ticket.price === row.ticket.price ? row.formerPrice : row.ticket.price;
  return { ticket, taken, arrived: row.arrived, ...(formerPrice === undefined ? {} : { formerPrice }) };
}

/** As the API sorts: equal prices by age. Ids ascend with time. */
const inOrder: Record<Sort, (a: Ticket, b: Ticket) => number> = {
  newest: (a, b) => compare(b.id, a.id),
  price: (a, b) => a.price - b.price || compare(a.id, b.id),
  '-price': (a, b) => b.price - a.price || compare(b.id, a.id),
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Not on a page that is still to be loaded. */
function belongsHere({ rows, nextCursor }: Listing, ticket: Ticket, { sort }: ListingQuery): boolean {
  const last = rows.at(-1);
  return nextCursor === null || last === undefined || inOrder[sort](ticket, last.ticket) < 0;
}

/** As the API searches: each word the beginning of one in the title or venue; the first eight count. No words find nothing. */
function matches(
  { title, venue, price }: Ticket,
  { q, minCents = 0, maxCents = Number.POSITIVE_INFINITY }: ListingQuery,
) {
  const words = wordsOf(`${title} ${venue ?? ''}`);
  const wanted = wordsOf(q).slice(0, 8);
  if (wanted.length === 0 && q.trim() !== '') return false;
  return (
    price >= minCents && price <= maxCents && wanted.every((start) => words.some((word) => word.startsWith(start)))
  );
}

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
