import { notFound } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { Tickets } from '../data/tickets';
import { ticketView } from '../ticket-view';

export const showTicket =
  ({ tickets }: { tickets: Tickets }): RequestHandler =>
  async (req, res) => {
    const ticket = await tickets.find(String(req.params.id));
    if (!ticket || ticket.deleted) throw notFound('ticket');
    res.set('ETag', `"${ticket.version}"`).json(ticketView(ticket));
  };
