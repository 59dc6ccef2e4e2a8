'use client';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { problemFrom } from '@/api/call';
import type { Problem } from '@/api/problem';
import type { ListingChange, Page, Ticket } from '@/api/types';
import { listenToListing } from '@/live/listing-stream';
import { type ListingQuery, pageSize } from './listing-query';
import {
  append,
  applyChange,
  type Known,
  knownIn,
  type Listing,
  listingOf,
  reconcile,
  showWaiting,
} from './listing-state';
import { readListing } from './read-listing';
import { recallListing, rememberListing } from './remember-listing';

type Happening =
  | { kind: 'change'; change: ListingChange }
  | { kind: 'looked'; page: Page<Ticket>; known: Known }
  | { kind: 'more'; page: Page<Ticket> }
  | { kind: 'show' };

interface Options {
  initial: Page<Ticket>;
  query: ListingQuery;
  /** The first page is shown, not one from a cursor: only that one can be asked for again. */
  fromStart: boolean;
  /** The page's address when it shows so many tickets. */
  addressOf: (rows: number) => string;
}

/** The listing, kept true while it is looked at. */
export function useListing({ initial, query, fromStart, addressOf }: Options) {
  const [listing, happen] = useReducer(
    (state: Listing, happening: Happening) => next(state, happening, query),
    initial,
    (sent) => {
      const recalled = fromStart ? recallListing(query) : undefined;
      return recalled && recalled.rows.length > sent.items.length ? recalled : listingOf(sent);
    },
  );
  const [loading, setLoading] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const latest = useRef({ listing, query, addressOf });
  latest.current = { listing, query, addressOf };

  useEffect(
    () => () => {
      const { listing, query, addressOf } = latest.current;
      if (fromStart) rememberListing(addressOf(listing.rows.length), query, listing);
    },
    [fromStart],
  );

  useEffect(() => {
    let current = true;
    const look = async () => {
      if (!fromStart) return;
      try {
        const known = knownIn(latest.current.listing);
        const page = await readListing(query, Math.max(pageSize, latest.current.listing.rows.length));
        if (current) happen({ kind: 'looked', page, known });
      } catch (error) {
        // What is shown stays; the stream asks to look again when it is back.
        problemFrom(error);
      }
    };
    const stop = listenToListing({
      onChange: (change) => happen({ kind: 'change', change }),
      onGap: () => void look(),
    });
    return () => {
      current = false;
      stop();
    };
  }, [query, fromStart]);

  const loadMore = useCallback(
    async (count = pageSize): Promise<number> => {
      setLoading(true);
      setProblem(undefined);
      try {
        const page = await readListing(query, count, listing.nextCursor ?? undefined);
        happen({ kind: 'more', page });
        return page.items.length;
      } catch (error) {
        setProblem(problemFrom(error));
        return 0;
      } finally {
        setLoading(false);
      }
    },
    [query, listing.nextCursor],
  );

  return { listing, loading, problem, loadMore, show: () => happen({ kind: 'show' }) };
}

function next(listing: Listing, happening: Happening, query: ListingQuery): Listing {
  switch (happening.kind) {
    case 'change':
      return applyChange(listing, happening.change, query);
    case 'looked':
      return reconcile(listing, happening.page, query, happening.known);
    case 'more':
      return append(listing, happening.page);
    case 'show':
      return showWaiting(listing, query);
  }
}
