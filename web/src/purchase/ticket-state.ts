// What a ticket is to somebody who looks at it: pure.
import type { ListingChange, Ticket } from '@/api/types';

export type TicketState = 'forSale' | 'own' | 'mineHeld' | 'mineBought' | 'held' | 'sold' | 'begun' | 'gone';

export interface Seen {
  ticket: Ticket;
  /** Taken down by its seller. */
  isGone: boolean;
  /** The visitor's order of it, if it is theirs. */
  ownOrderId: string | undefined;
}

export function stateOf({ ticket, isGone, ownOrderId }: Seen, visitorId: string | undefined): TicketState {
  if (isGone) return 'gone';
  if (visitorId !== undefined && ticket.userId === visitorId) return 'own';
  if (ticket.begun) return 'begun';
  if (ticket.orderId === null && !ticket.sold) return 'forSale';
  if (ownOrderId !== undefined && ownOrderId === ticket.orderId) return ticket.sold ? 'mineBought' : 'mineHeld';
  return ticket.sold ? 'sold' : 'held';
}

/** A change from the stream; what is about another ticket, or older than what is shown, is left out. */
export function applyChange(seen: Seen, { change, ticket }: ListingChange): Seen {
  if (ticket.id !== seen.ticket.id || ticket.version < seen.ticket.version) return seen;
  return { ...seen, ticket, isGone: change === 'removed' && ticket.orderId === null && !ticket.sold && !ticket.begun };
}

/** The ticket asked for again. */
export const applyLook = (seen: Seen, ticket: Ticket): Seen =>
  ticket.version < seen.ticket.version ? seen : { ...seen, ticket, isGone: false };
