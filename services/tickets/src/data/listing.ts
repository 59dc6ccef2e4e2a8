// Browsing: one query a listing, its shape answered by an index of the model.
import { collectionOf, type sortOrders } from '@ticketing/common';
import type { Model } from 'mongoose';
import { searchWords } from '../domain/ticket';
import { type TicketView, ticketView } from '../ticket-view';
import { never, type TicketRecord } from './ticket-model';

export type SortOrder = (typeof sortOrders)[number];

export interface ListingQuery {
  q?: string | undefined;
  minPrice?: number | undefined;
  maxPrice?: number | undefined;
  sort: SortOrder;
  limit: number;
  after?: Cursor | undefined;
}

/** The last row seen: the value it was sorted by, and its id. */
export interface Cursor {
  price?: number | undefined;
  /** Milliseconds since 1970. */
  startsAtMs?: number | undefined;
  id: string;
}

export interface ListingPage {
  items: TicketView[];
  nextCursor: string | null;
}

export const encodeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** Nothing when it is not a cursor of ours. */
export function decodeCursor(text: string): Cursor | undefined {
  try {
    const { price, startsAtMs, id } = Object(JSON.parse(Buffer.from(text, 'base64url').toString())) as Record<
      string,
      unknown
    >;
    if (typeof id !== 'string' || (price !== undefined && typeof price !== 'number')) return undefined;
    if (startsAtMs !== undefined && !isMoment(startsAtMs)) return undefined;
    return { id, price, startsAtMs };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isMoment = (value: unknown): value is number =>
  typeof value === 'number' && !Number.isNaN(new Date(value).getTime());

/** Whether a page sorted so ends with such a cursor. */
export const isOfOrder = ({ price, startsAtMs }: Cursor, sort: SortOrder): boolean =>
  (price !== undefined) === (sort === 'price' || sort === '-price') &&
  (startsAtMs !== undefined) === (sort === 'startsAt');

const sortKeys: Record<SortOrder, Record<string, 1 | -1>> = {
  newest: { _id: -1 },
  price: { price: 1, _id: 1 },
  '-price': { price: -1, _id: -1 },
  startsAt: { startsAtOrNever: 1, _id: 1 },
};

export async function browse(model: Model<TicketRecord>, query: ListingQuery, now: Date): Promise<ListingPage> {
  const words = query.q ? searchWords(query.q) : [];
  if (words.length === 0 && query.q?.trim()) return nothing;
  const rows = await collectionOf(model)
    .find({ forSale: true, ...conditions(query, words, now) }, { projection: { outbox: 0, words: 0 } })
    .sort(sortKeys[query.sort])
    .limit(query.limit + 1)
    .toArray();
  return page(rows, query.limit, query.sort);
}

/** What is found by a search for something that has no words, such as `.*`. */
const nothing: ListingPage = { items: [], nextCursor: null };

export async function listOwn(
  model: Model<TicketRecord>,
  userId: string,
  limit: number,
  after?: Cursor,
): Promise<ListingPage> {
  const rows = await collectionOf(model)
    .find(
      { userId, deleted: false, ...(after ? { _id: { $lt: after.id } } : {}) },
      { projection: { outbox: 0, words: 0 } },
    )
    .sort({ _id: -1 })
    .limit(limit + 1)
    .toArray();
  return page(rows, limit, 'newest');
}

function page(rows: TicketRecord[], limit: number, sort: SortOrder): ListingPage {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(ticketView),
    nextCursor: last ? encodeCursor({ id: last._id, ...cursorValue(last, sort) }) : null,
  };
}

function cursorValue(last: TicketRecord, sort: SortOrder): Omit<Cursor, 'id'> {
  if (sort === 'newest') return {};
  return sort === 'startsAt' ? { startsAtMs: (last.startsAtOrNever ?? never).getTime() } : { price: last.price };
}

/** Each word is one more regular expression for every row; those behind the eighth do not count. */
const mostSearchWords = 8;

function conditions(
  { minPrice, maxPrice, sort, after }: ListingQuery,
  words: readonly string[],
  now: Date,
): Record<string, unknown> {
  const wanted = words.slice(0, mostSearchWords);
  const price = {
    ...(minPrice === undefined ? {} : { $gte: minPrice }),
    ...(maxPrice === undefined ? {} : { $lte: maxPrice }),
  };
  return {
    ...(wanted.length > 0 ? { $and: wanted.map((word) => ({ words: { $regex: `^${word}` } })) } : {}),
    ...(sort === 'startsAt' ? { ...rangeOf(price), ...upcoming(now, after) } : afterCursor(sort, after, price)),
  };
}

/** The rows behind the cursor, on top of the price range. The range keeps the index in play, `$or` settles equal prices. */
function afterCursor(
  sort: SortOrder,
  after: Cursor | undefined,
  price: { $gte?: number; $lte?: number },
): Record<string, unknown> {
  const range = rangeOf(price);
  if (!after) return range;
  if (sort === 'newest' || after.price === undefined) return { ...range, _id: { $lt: after.id } };
  if (sort === 'price') {
    const $gte = Math.max(after.price, price.$gte ?? after.price);
    return { price: { ...price, $gte }, $or: [{ price: { $gt: after.price } }, { _id: { $gt: after.id } }] };
  }
  const $lte = Math.min(after.price, price.$lte ?? after.price);
  return { price: { ...price, $lte }, $or: [{ price: { $lt: after.price } }, { _id: { $lt: after.id } }] };
}

const rangeOf = (price: { $gte?: number; $lte?: number }) => (Object.keys(price).length > 0 ? { price } : {});

/** By date, what has begun is not shown: it would stand before all that can still be gone to. */
function upcoming(now: Date, after: Cursor | undefined): Record<string, unknown> {
  if (after?.startsAtMs === undefined)
    return { startsAtOrNever: { $gte: now }, ...(after ? { _id: { $gt: after.id } } : {}) };
  const last = new Date(after.startsAtMs);
  const $gte = last > now ? last : now;
  return { startsAtOrNever: { $gte }, $or: [{ startsAtOrNever: { $gt: last } }, { _id: { $gt: after.id } }] };
}
