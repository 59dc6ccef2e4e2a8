'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useReducer, useRef } from 'react';
import type { ListingChange, Ticket } from '@/api/types';
import { announce } from '@/components/announce';
import { listenToListing } from '@/live/listing-stream';
import { ListingRow } from './listing-row';
import styles from './listing-row.module.scss';
import { describeNews, hear, type News, withNews } from './own-listings';

interface Props {
  tickets: Ticket[];
  sellerId: string | undefined;
  /** There are older ones on a page of their own: they move up when all of these are gone. */
  hasMore: boolean;
  /** Shown when none is left of those that the page came with. */
  gone: ReactNode;
  /** Shown when it came with none. */
  children: ReactNode;
}

/** The seller's tickets, kept true while they are looked at. */
export function ListingRows({ tickets, sellerId, hasMore, gone, children }: Props) {
  const router = useRouter();
  const [news, tell] = useReducer(
    (known: News, told: ListingChange): News => hear(known, tickets, told),
    new Map<string, ListingChange>(),
  );
  const shown = withNews(tickets, news);
  const latest = useRef(shown);
  latest.current = shown;

  useEffect(
    () =>
      listenToListing({
        onChange(told) {
          const before = latest.current.find(({ id }) => id === told.ticket.id);
          // Put up in another tab, or on another device.
          if (!before && told.change === 'listed' && told.ticket.userId === sellerId) router.refresh();
          if (!before || before.version >= told.ticket.version) return;
          const sentence = describeNews(before, told.ticket);
          if (sentence) announce(sentence);
          tell(told);
        },
        onGap: () => router.refresh(),
      }),
    [router, sellerId],
  );

  const lastHasGone = tickets.length > 0 && shown.length === 0;
  useEffect(() => {
    if (lastHasGone && hasMore) router.refresh();
  }, [lastHasGone, hasMore, router]);

  if (shown.length === 0) return lastHasGone ? gone : children;
  return (
    <ul className={styles.rows}>
      {shown.map((ticket) => (
        <ListingRow key={ticket.id} ticket={ticket} />
      ))}
    </ul>
  );
}
