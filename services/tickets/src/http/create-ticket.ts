import {
  type Clock,
  inputOf,
  type NewId,
  priceField,
  sessionOf,
  startsAtField,
  titleField,
  validate,
  venueField,
} from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { AnnounceTicket } from '../changes';
import type { Tickets } from '../data/tickets';
import type { TicketDetails } from '../domain/ticket';
import { ticketView } from '../ticket-view';

interface Deps {
  tickets: Tickets;
  announce: AnnounceTicket;
  clock: Clock;
  newId: NewId;
}

export const createTicket = ({ tickets, announce, clock, newId }: Deps): RequestHandler[] => [
  validate(titleField(), priceField(), venueField(), startsAtField(clock)),
  async (req, res) => {
    const details = inputOf<TicketDetails>(req);
    const ticket = await tickets.insert({
      ...details,
      id: newId(),
      userId: sessionOf(req).userId,
      now: clock.now(),
    });
    announce(ticket);
    res.status(201).location(`/api/tickets/${ticket._id}`).json(ticketView(ticket));
  },
];
