import { type Clock, sessionOf } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { AnnounceTicket } from '../changes';
import type { Tickets } from '../data/tickets';
import { changeTicket, expectedVersions } from './change-ticket';

interface Deps {
  tickets: Tickets;
  announce: AnnounceTicket;
  clock: Clock;
}

export const deleteTicket =
  ({ tickets, announce, clock }: Deps): RequestHandler =>
  async (req, res) => {
    const request = { userId: sessionOf(req).userId, expectedVersions: expectedVersions(req, undefined) };
    const ticket = await changeTicket(tickets, String(req.params.id), request, (found) =>
      tickets.remove(found, clock.now()),
    );
    announce(ticket);
    res.status(204).end();
  };
