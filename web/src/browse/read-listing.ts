import { call } from '@/api/call';
import type { Page, Ticket } from '@/api/types';
import { type ListingQuery, listingApiPath } from './listing-query';

/**
 * The listing from a cursor on, or from its beginning, until there are `count` tickets or no more: as many questions as
 * that takes, answered as one page.
 * @throws ApiError
 */
export async function readListing(query: ListingQuery, count: number, cursor?: string): Promise<Page<Ticket>> {
  const items = new Map<string, Ticket>();
  let nextCursor: string | null = cursor ?? null;
  do {
    const limit = count - items.size;
    const page: Page<Ticket> = await call(listingApiPath(query, { limit, cursor: nextCursor ?? undefined }));
    // One that moved between two answers is in both; the later one is how it is now.
    for (const ticket of page.items) items.set(ticket.id, ticket);
    nextCursor = page.items.length > 0 ? page.nextCursor : null;
  } while (nextCursor !== null && items.size < count);
  return { items: [...items.values()], nextCursor };
}
