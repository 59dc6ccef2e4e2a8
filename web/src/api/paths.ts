// Addresses of pages that more than one place links to.

export const ticketPath = (ticketId: string): string => `/tickets/${ticketId}`;
export const listingPath = (ticketId: string): string => `/listings/${ticketId}`;
export const doorPath = '/door';
export const orderPath = (orderId: string): string => `/orders/${orderId}`;

/** A file of the API, not a page. */
export const eTicketPath = (orderId: string): string => `/api/orders/${orderId}/ticket`;

/** @param next where to go afterwards, a path of this site */
export const signInPath = (next: string): string => `/signin?next=${encodeURIComponent(next)}`;

/** Where to go after signing in: only ever a page of this site, whatever the address bar says. */
export function nextPath(next: string | string[] | undefined, otherwise = '/'): string {
  if (typeof next !== 'string' || !next.startsWith('/')) return otherwise;
  const here = 'http://here.invalid';
  const url = URL.canParse(next, here) ? new URL(next, here) : undefined;
  // Once its dots are resolved, `/.//elsewhere` begins like an address of another site.
  if (url?.origin !== here || url.pathname.startsWith('//')) return otherwise;
  if (/^\/api(\/|$)/.test(decodedPath(url.pathname) ?? '/api')) return otherwise;
  return url.pathname + url.search + url.hash;
}

/** A path in plain letters; nothing when its percent signs make no sense: no page is at such an address. */
export function decodedPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
