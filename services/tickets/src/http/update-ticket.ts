import { type Clock, inputOf, priceField, sessionOf, titleField, validate } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { AnnounceTicket } from '../changes';
import type { Tickets } from '../data/tickets';
import { ticketView } from '../ticket-view';
import { changeTicket, expectedVersion, versionField } from './change-ticket';

interface Deps {
  tickets: Tickets;
  announce: AnnounceTicket;
  clock: Clock;
}

export const updateTicket = ({ tickets, announce, clock }: Deps): RequestHandler[] => [
  validate(titleField(), priceField(), versionField()),
  async (req, res) => {
    const { title, price, version } = inputOf<{ title: string; price: number; version?: number }>(req);
    const request = { userId: sessionOf(req).userId, expectedVersion: expectedVersion(req, version) };
    const ticket = await changeTicket(tickets, String(req.params.id), request, (found) =>
      tickets.edit(found, { title, price }, clock.now()),
    );
    announce(ticket);
    res.set('ETag', `"${ticket.version}"`).json(ticketView(ticket));
  },
];
