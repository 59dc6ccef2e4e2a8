// What a tab has loaded of the listing, for the way back from a ticket: the page is as long as it was at once, and the
// browser finds the place where the visitor stood.
import type { Listing } from './listing-state';

const kept = new Map<string, Listing>();
const mostKept = 5;

/** @param address of the page, path and query, with how many tickets it shows */
export function rememberListing(address: string, listing: Listing): void {
  kept.delete(address);
  kept.set(address, listing);
  for (const oldest of [...kept.keys()].slice(0, -mostKept)) kept.delete(oldest);
}

/** What was loaded where the address bar points to; nothing on the server, nor when the page has just been loaded. */
export const recallListing = (): Listing | undefined =>
  kept.size === 0 ? undefined : kept.get(location.pathname + location.search);
