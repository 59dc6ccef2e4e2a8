import { type Clock, inputOf, validate } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { ListingQuery } from '../data/listing';
import type { Tickets } from '../data/tickets';
import { cursorIn, listingFields } from './listing-fields';

interface Deps {
  tickets: Pick<Tickets, 'browse'>;
  clock: Clock;
}

/**
 * Browsing is what most requests are. Visitors who ask for the same listing while a query is under way share the next
 * one and its rendering: none is answered from before they asked, and the database sees two queries, not thirty.
 */
export const listTickets = ({ tickets, clock }: Deps): RequestHandler[] => {
  const rendered = shared((query) =>
    tickets.browse(query, clock.now()).then((page) => Buffer.from(JSON.stringify(page))),
  );
  return [
    validate(...listingFields()),
    async (req, res) => {
      const { cursor, ...query } = inputOf<Omit<ListingQuery, 'after'> & { cursor?: string }>(req);
      const body = await rendered({ ...query, after: cursorIn(cursor) });
      res.set({ 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-cache' }).end(body);
    },
  ];
};

function shared(render: (query: ListingQuery) => Promise<Buffer>): (query: ListingQuery) => Promise<Buffer> {
  const underWay = new Map<string, Promise<Buffer>>();
  const waiting = new Map<string, Promise<Buffer>>();
  const begin = (key: string, query: ListingQuery) => {
    const answer = render(query).finally(() => underWay.delete(key));
    underWay.set(key, answer);
    return answer;
  };
  return (query) => {
    const key = JSON.stringify([query.q, query.minPrice, query.maxPrice, query.sort, query.limit, query.after]);
    const joined = waiting.get(key);
    if (joined) return joined;
    const current = underWay.get(key);
    if (!current) return begin(key, query);
    const renderNext = () => {
      waiting.delete(key);
      return begin(key, query);
    };
    const next = current.then(renderNext, renderNext);
    waiting.set(key, next);
    return next;
  };
}
