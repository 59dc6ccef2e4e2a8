import type { Ticket } from './ticket';

export interface Seat {
  ticket: Ticket;
}
