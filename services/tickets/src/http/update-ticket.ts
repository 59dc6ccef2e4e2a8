import {
  type Clock,
  inputOf,
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
import { hasBegun, type TicketDetails } from '../domain/ticket';
import { ticketView } from '../ticket-view';
import { changeTicket, expectedVersions, versionField } from './change-ticket';

interface Deps {
  tickets: Tickets;
  announce: AnnounceTicket;
  clock: Clock;
}

export const updateTicket = ({ tickets, announce, clock }: Deps): RequestHandler[] => [
  validate(titleField(), priceField(), venueField(), startsAtField(clock), versionField()),
  async (req, res) => {
    const { version, ...details } = inputOf<TicketDetails & { version?: number }>(req);
    const request = { userId: sessionOf(req).userId, expectedVersions: expectedVersions(req, version) };
    let hadBegun = false;
    const ticket = await changeTicket(tickets, String(req.params.id), request, (found) => {
      const now = clock.now();
      hadBegun = hasBegun(found, now);
      return tickets.edit(found, details, now);
    });
    announce(ticket, hadBegun ? 'listed' : 'changed');
    res.set('ETag', `"${ticket.version}"`).json(ticketView(ticket));
  },
];
