import { type Clock, inputOf, type NewId, priceField, sessionOf, titleField, validate } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { AnnounceTicket } from '../changes';
import type { Tickets } from '../data/tickets';
import { ticketView } from '../ticket-view';

interface Deps {
  tickets: Tickets;
  announce: AnnounceTicket;
  clock: Clock;
  newId: NewId;
}

export const createTicket = ({ tickets, announce, clock, newId }: Deps): RequestHandler[] => [
  validate(titleField(), priceField()),
  async (req, res) => {
    const { title, price } = inputOf<{ title: string; price: number }>(req);
    const ticket = await tickets.insert({ id: newId(), title, price, userId: sessionOf(req).userId, now: clock.now() });
    announce(ticket);
    res.status(201).location(`/api/tickets/${ticket._id}`).json(ticketView(ticket));
  },
];
