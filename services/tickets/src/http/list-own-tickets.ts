import { inputOf, sessionOf, validate } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { Tickets } from '../data/tickets';
import { cursorIn, pageFields } from './listing-fields';

export const listOwnTickets = ({ tickets }: { tickets: Tickets }): RequestHandler[] => [
  validate(...pageFields()),
  async (req, res) => {
    const { limit, cursor } = inputOf<{ limit: number; cursor?: string }>(req);
    res.json(await tickets.listOwn(sessionOf(req).userId, limit, cursorIn(cursor)));
  },
];
