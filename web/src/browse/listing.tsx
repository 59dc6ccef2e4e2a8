'use client';
import { type MouseEvent, useEffect, useRef } from 'react';
import type { Page, Ticket } from '@/api/types';
import { announce } from '@/components/announce';
import { Money } from '@/components/money';
import { ProblemAlert } from '@/components/problem-alert';
import { TicketCard } from '@/components/ticket-card';
import { browsePath, type ListingQuery, readBrowseAddress, type TypedQuery } from './listing-query';
import type { Row } from './listing-state';
import { NothingFound } from './nothing-found';
import { useListing } from './use-listing';

interface Props {
  initial: Page<Ticket>;
  query: ListingQuery;
  typed: TypedQuery;
  fromStart: boolean;
}

/** The tickets, live: what is taken is marked in its place, what is new waits for a press. */
export function Listing({ initial, query, typed, fromStart }: Props) {
  const addressOf = (rows: number) => browsePath(typed, { show: rows });
  const { listing, loading, problem, loadMore, show } = useListing({ initial, query, fromStart, addressOf });
  const { rows, waiting, nextCursor } = listing;

  // Back after a long way, the page is as it was first sent: the address knows how many were shown.
  const restore = useRef(() => {
    const { show: shown } = readBrowseAddress(Object.fromEntries(new URLSearchParams(location.search)));
    if (fromStart && nextCursor && shown > rows.length) void loadMore(shown - rows.length);
  });
  useEffect(() => restore.current(), []);

  const more = async (event: MouseEvent) => {
    event.preventDefault();
    if (loading) return;
    const count = await loadMore();
    if (count === 0) return;
    announce(count === 1 ? '1 more ticket.' : `${count} more tickets.`);
    if (fromStart) window.history.replaceState(null, '', addressOf(rows.length + count));
  };

  return (
    <section aria-label="Tickets">
      <div role="status" className="listing-news">
        {waiting.length > 0 ? (
          <button type="button" className="btn btn-primary" onClick={show}>
            {waiting.length === 1 ? 'Show 1 new ticket' : `Show ${waiting.length} new tickets`}
          </button>
        ) : null}
      </div>
      {rows.length === 0 ? (
        <NothingFound query={query} fromStart={fromStart} />
      ) : (
        <ul className="ticket-grid">
          {rows.map((row) => (
            <li key={row.ticket.id}>
              <TicketCard
                ticket={row.ticket}
                state={row.taken ? 'taken' : row.arrived ? 'new' : 'plain'}
                note={noteOf(row)}
              />
            </li>
          ))}
        </ul>
      )}
      <ProblemAlert problem={problem} />
      {nextCursor ? (
        <p className="text-center mt-4 mb-0">
          <a
            className="btn btn-quiet"
            href={browsePath(typed, { cursor: nextCursor })}
            onClick={more}
            aria-disabled={loading || undefined}
          >
            {loading ? 'Loading more…' : 'Load more tickets'}
          </a>
        </p>
      ) : null}
    </section>
  );
}

function noteOf({ ticket, taken, formerPrice }: Row) {
  if (taken) return ticket.sold ? 'Sold' : ticket.orderId ? 'Just taken' : 'No longer for sale';
  if (formerPrice === undefined || formerPrice === ticket.price) return undefined;
  return (
    <>
      Was <Money cents={formerPrice} />
    </>
  );
}
