// What a tab has loaded of the listing, for the way back from a ticket: the page is as long as it was at once, and the
// browser finds the place where the visitor stood.
import { type ListingQuery, listingApiPath, pageSize } from './listing-query';
import type { Listing } from './listing-state';

const kept = new Map<string, { listing: Listing; query: ListingQuery }>();
const mostKept = 5;

/** @param address of the page, path and query, with how many tickets it shows */
export function rememberListing(address: string, query: ListingQuery, listing: Listing): void {
  kept.delete(address);
  kept.set(address, { listing, query });
  for (const oldest of [...kept.keys()].slice(0, -mostKept)) kept.delete(oldest);
}

/**
 * What was loaded where the address bar points to; nothing on the server, nor when the page has just been loaded.
 * @param query of the page that is rendered: on the way forward the address bar still shows the page before it
 */
export function recallListing(query: ListingQuery): Listing | undefined {
  const entry = kept.size === 0 ? undefined : kept.get(location.pathname + location.search);
  return entry && sameQuery(entry.query, query) ? entry.listing : undefined;
}

const sameQuery = (one: ListingQuery, other: ListingQuery): boolean =>
  listingApiPath(one, { limit: pageSize }) === listingApiPath(other, { limit: pageSize });
