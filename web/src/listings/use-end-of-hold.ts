import { useEffect, useRef } from 'react';
import { call } from '@/api/call';
import { ApiError } from '@/api/problem';
import type { Ticket } from '@/api/types';
import { listenToListing } from '@/live/listing-stream';
import { type ListingState, listingState } from './listing-state';

export type EndOfHold = Exclude<ListingState, 'held'>;

/** Hears, while a ticket is known to be held, what has become of it: for sale again, begun by then, or sold. */
export function useEndOfHold(ticketId: string, isHeld: boolean, onEnded: (state: EndOfHold) => void): void {
  const ended = useRef(onEnded);
  ended.current = onEnded;

  useEffect(() => {
    if (!isHeld) return;
    const see = (ticket: Ticket) => {
      const state = listingState(ticket);
      if (state !== 'held') ended.current(state);
    };
    const look = async () => {
      try {
        see(await call<Ticket>(`/api/tickets/${ticketId}`));
      } catch (error) {
        // Down or offline: what is shown stays, and the stream asks to look again when it is back.
        if (!(error instanceof ApiError)) throw error;
      }
    };
    return listenToListing({
      onChange: ({ ticket }) => ticket.id === ticketId && see(ticket),
      onGap: () => void look(),
    });
  }, [ticketId, isHeld]);
}
