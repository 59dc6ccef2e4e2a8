'use client';
import { useEffect, useReducer } from 'react';
import { call } from '@/api/call';
import { ApiError, type Problem } from '@/api/problem';
import type { ListingChange, Order, Ticket } from '@/api/types';
import { listenToListing } from '@/live/listing-stream';
import { applyChange, applyLook, type Seen } from './ticket-state';

type Happening =
  | { kind: 'change'; change: ListingChange }
  | { kind: 'looked'; ticket: Ticket }
  | { kind: 'gone' }
  | { kind: 'own'; orderId: string };

/** A ticket, kept true while it is looked at. @param visitorId of somebody signed in: a hold may then be their own */
export function useTicket(initial: Seen, visitorId: string | undefined) {
  const [seen, happen] = useReducer(next, initial);
  const { id, orderId, userId } = seen.ticket;

  useEffect(() => {
    const look = async () => {
      try {
        happen({ kind: 'looked', ticket: await call<Ticket>(`/api/tickets/${id}`) });
      } catch (error) {
        // Down or offline: what is shown stays, and the stream asks to look again when it is back.
        if (statusOf(error) === 404) happen({ kind: 'gone' });
      }
    };
    return listenToListing({
      onChange: (change) => change.ticket.id === id && happen({ kind: 'change', change }),
      onGap: () => void look(),
    });
  }, [id]);

  // A hold that appears may be the visitor's, made in another tab.
  useEffect(() => {
    if (!orderId || !visitorId || visitorId === userId || seen.ownOrderId === orderId) return;
    let current = true;
    call<Order>(`/api/orders/${orderId}`).then(
      () => current && happen({ kind: 'own', orderId }),
      // Somebody else's (404), or not to be known now: it is shown as taken.
      statusOf,
    );
    return () => {
      current = false;
    };
  }, [orderId, userId, visitorId, seen.ownOrderId]);

  return {
    seen,
    /** What a refused purchase says about the ticket. */
    learn(problem: Problem) {
      if (problem.code === 'PriceChanged' && problem.price !== undefined) {
        happen({ kind: 'looked', ticket: { ...seen.ticket, price: problem.price } });
      }
      if (problem.status === 404) happen({ kind: 'gone' });
      if (problem.code === 'EventBegun') happen({ kind: 'looked', ticket: { ...seen.ticket, begun: true } });
      if (problem.code === 'TicketSold') happen({ kind: 'looked', ticket: { ...seen.ticket, sold: true } });
    },
  };
}

function next(seen: Seen, happening: Happening): Seen {
  switch (happening.kind) {
    case 'change':
      return applyChange(seen, happening.change);
    case 'looked':
      return applyLook(seen, happening.ticket);
    case 'gone':
      return { ...seen, isGone: true };
    case 'own':
      return { ...seen, ownOrderId: happening.orderId };
  }
}

/** @throws what is not an answer of the API, nor its absence */
function statusOf(error: unknown): number {
  if (error instanceof ApiError) return error.problem.status;
  throw error;
}
