// The seller's tickets as they stand now: as the page was sent, and what the stream has told since. Pure.
import type { ListingChange, Ticket } from '@/api/types';
import { type ListingState, listingState } from './listing-state';

/** The newest that the stream told of each ticket. */
export type News = ReadonlyMap<string, ListingChange>;

/** What is older than what is known already, or about somebody else's ticket, changes nothing. */
export function hear(news: News, tickets: readonly Ticket[], told: ListingChange): News {
  const { id, version } = told.ticket;
  const known = withNews(tickets, news).find((ticket) => ticket.id === id);
  if (!known || version <= known.version) return news;
  return new Map(news).set(id, told);
}

/** @returns the tickets in their order, without those that were taken down */
export const withNews = (tickets: readonly Ticket[], news: News): Ticket[] =>
  tickets.flatMap((ticket) => {
    const told = news.get(ticket.id);
    if (!told || told.ticket.version < ticket.version) return [ticket];
    return isTakenDown(told) ? [] : [told.ticket];
  });

/** What the seller is told of a change; nothing when they made it themselves. */
export function describeNews(before: Ticket, after: Ticket): string | undefined {
  const [from, to] = [listingState(before), listingState(after)];
  return from === to ? undefined : sentences[to](after.title);
}

const isTakenDown = ({ change, ticket }: ListingChange): boolean =>
  change === 'removed' && listingState(ticket) === 'for-sale';

const sentences: Record<ListingState, (title: string) => string> = {
  'for-sale': (title) => `“${title}” is for sale again.`,
  held: (title) => `Somebody is buying “${title}”.`,
  begun: (title) => `“${title}” has begun, and is no longer for sale.`,
  sold: (title) => `“${title}” is sold.`,
};
