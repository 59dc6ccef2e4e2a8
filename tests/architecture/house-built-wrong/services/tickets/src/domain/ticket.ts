import type { EventData } from '@ticketing/common';
import type { Seat } from './seat';

export interface Ticket {
  seat: Seat;
}

export const priceOf = (ticket: EventData<'TicketCreated'>): number => ticket.price;
