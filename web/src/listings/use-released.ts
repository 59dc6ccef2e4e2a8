import { useEffect, useRef } from 'react';
import { call } from '@/api/call';
import { ApiError } from '@/api/problem';
import type { Ticket } from '@/api/types';
import { listenToListing } from '@/live/listing-stream';
import { listingState } from './listing-state';

/** Hears, while a ticket is known to be held, that it is for sale again. */
export function useReleased(ticketId: string, isHeld: boolean, onReleased: () => void): void {
  const released = useRef(onReleased);
  released.current = onReleased;

  useEffect(() => {
    if (!isHeld) return;
    const see = (ticket: Ticket) => listingState(ticket) === 'for-sale' && released.current();
    const look = async () => {
      try {
        see(await call<Ticket>(`/api/tickets/${ticketId}`));
      } catch (error) {
        // Down or offline: what is shown stays, and the stream asks to look again when it is back.
        if (!(error instanceof ApiError)) throw error;
      }
    };
    return listenToListing({
      onChange: ({ change, ticket }) => change === 'listed' && ticket.id === ticketId && see(ticket),
      onGap: () => void look(),
    });
  }, [ticketId, isHeld]);
}
