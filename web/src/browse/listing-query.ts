// What somebody looks for, between the address bar (dollars, as typed) and the API (cents).
import { formatMoney, parseMoney } from '@/components/money';
import { priceLimitsCents } from '@/listings/parse-price';

export const sortNames = {
  newest: 'Newest',
  price: 'Lowest price',
  '-price': 'Highest price',
} as const;
export type Sort = keyof typeof sortNames;

export interface ListingQuery {
  q: string;
  minCents?: number;
  maxCents?: number;
  sort: Sort;
}

/** What the form shows: as it was typed. */
export interface TypedQuery {
  q: string;
  min: string;
  max: string;
  sort: Sort;
}

export interface BrowseAddress {
  query: ListingQuery;
  typed: TypedQuery;
  /** What is wrong with a field; its filter is left out then. */
  problems: { min?: string; max?: string };
  cursor: string | undefined;
  /** How many tickets are to be shown. */
  show: number;
}

export const pageSize = 24;
/** The API gives at most 100 at once. */
const mostAtOnce = 96;
/** An address can ask for so many; the page is sent with the first of them and fetches the rest. */
const mostShown = 960;

type Parameters = Record<string, string | string[] | undefined>;

export function readBrowseAddress(parameters: Parameters): BrowseAddress {
  const one = (name: string) => [parameters[name] ?? ''].flat()[0]?.trim() ?? '';
  const sort = Object.hasOwn(sortNames, one('sort')) ? (one('sort') as Sort) : 'newest';
  const typed = { q: one('q').slice(0, 200), min: one('min'), max: one('max'), sort };
  const [minCents, maxCents] = [priceIn(typed.min), priceIn(typed.max)];
  const crossed = minCents !== undefined && maxCents !== undefined && minCents > maxCents;
  const problems = {
    ...(typed.min && minCents === undefined ? { min: whyNoPrice(typed.min) } : {}),
    ...(typed.max && maxCents === undefined ? { max: whyNoPrice(typed.max) } : {}),
    ...(crossed ? { max: `The highest price is below the lowest, ${formatMoney(minCents)}.` } : {}),
  };
  const query: ListingQuery = { q: typed.q, sort };
  if (minCents !== undefined) query.minCents = minCents;
  if (maxCents !== undefined && !crossed) query.maxCents = maxCents;
  const asked = Number(one('show'));
  const show = Number.isInteger(asked) ? Math.min(mostShown, Math.max(pageSize, asked)) : pageSize;
  return { query, typed, problems, cursor: one('cursor') || undefined, show };
}

/** In cents; nothing when it is no amount, or one that no ticket can cost: the API refuses those. */
function priceIn(typed: string): number | undefined {
  const cents = parseMoney(typed);
  return cents !== undefined && cents <= priceLimitsCents.max ? cents : undefined;
}

const whyNoPrice = (typed: string): string =>
  parseMoney(typed) === undefined
    ? 'Type an amount of dollars, such as 45 or 45.50.'
    : `No ticket costs more than ${formatMoney(priceLimitsCents.max)}.`;

export function listingApiPath(
  { q, minCents, maxCents, sort }: ListingQuery,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): `/api/tickets?${string}` {
  const search = new URLSearchParams();
  if (q) search.set('q', q);
  if (minCents !== undefined) search.set('minPrice', String(minCents));
  if (maxCents !== undefined) search.set('maxPrice', String(maxCents));
  search.set('sort', sort);
  search.set('limit', String(Math.min(limit, mostAtOnce)));
  if (cursor) search.set('cursor', cursor);
  return `/api/tickets?${search}`;
}

/** The page's own address, without what is usual. */
export function browsePath(typed: TypedQuery, more: { cursor?: string; show?: number } = {}): string {
  const search = new URLSearchParams();
  for (const name of ['q', 'min', 'max'] as const) if (typed[name]) search.set(name, typed[name]);
  if (typed.sort !== 'newest') search.set('sort', typed.sort);
  if (more.cursor) search.set('cursor', more.cursor);
  if (more.show && more.show > pageSize) search.set('show', String(Math.min(more.show, mostShown)));
  return search.size > 0 ? `/?${search}` : '/';
}

export const isNarrowed = ({ q, minCents, maxCents }: ListingQuery): boolean =>
  q !== '' || minCents !== undefined || maxCents !== undefined;

/** What was asked for, in words: `“row”, $30.00 to $150.00`; nothing when everything is shown. */
export function describeQuery({ q, minCents, maxCents }: ListingQuery): string {
  const from = minCents === undefined ? undefined : formatMoney(minCents);
  const to = maxCents === undefined ? undefined : formatMoney(maxCents);
  const prices = from && to ? `${from} to ${to}` : from ? `from ${from}` : to ? `up to ${to}` : '';
  return [q && `“${q}”`, prices].filter(Boolean).join(', ');
}
