import { type Clock, Problem, releaseRequest } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { AnnounceTicket } from '../changes';
import type { Tickets } from '../data/tickets';

interface Deps {
  tickets: Tickets;
  announce: AnnounceTicket;
  clock: Clock;
}

export const releaseTicket =
  ({ tickets, announce, clock }: Deps): RequestHandler =>
  async (req, res) => {
    const command = releaseRequest.safeParse(req.body);
    if (!command.success) throw new Problem(400, 'InvalidInput', command.error.message);
    const released = await tickets.release(String(req.params.id), command.data.orderId, clock.now());
    if (released) announce(released);
    res.status(204).end();
  };
