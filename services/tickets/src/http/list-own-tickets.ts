import { inputOf, sessionOf, validate } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { Model } from 'mongoose';
import { listOwn } from '../data/listing';
import type { TicketRecord } from '../data/ticket-model';
import { cursorIn, pageFields } from './listing-fields';

export const listOwnTickets = ({ model }: { model: Model<TicketRecord> }): RequestHandler[] => [
  validate(...pageFields()),
  async (req, res) => {
    const { limit, cursor } = inputOf<{ limit: number; cursor?: string }>(req);
    res.json(await listOwn(model, sessionOf(req).userId, limit, cursorIn(cursor)));
  },
];
