import { Problem } from '@ticketing/common';
import type { Request } from 'express';
import { body } from 'express-validator';
import type { TicketRecord } from '../data/ticket-model';
import type { Tickets } from '../data/tickets';
import { type ChangeRequest, refuseChange, type Ticket } from '../domain/ticket';
import { changeProblems } from './change-problems';

/** Between the look and the compare-and-set another change may come; then the decision is made anew. */
const attempts = 5;

/**
 * Decides a seller's change and stores it: look, decide, compare-and-set.
 * @throws Problem when the seller may not, or when the ticket would not stand still
 */
export async function changeTicket(
  tickets: Tickets,
  id: string,
  request: ChangeRequest,
  store: (ticket: Ticket) => Promise<TicketRecord | null>,
): Promise<TicketRecord> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const ticket = await tickets.find(id);
    const refusal = refuseChange(ticket, request);
    if (refusal) throw changeProblems[refusal]();
    const changed = ticket && (await store(ticket));
    if (changed) return changed;
  }
  throw changeProblems.Stale();
}

export const versionField = () =>
  body('version')
    .optional()
    .custom((version: unknown) => Number.isInteger(version) && Number(version) > 0)
    .withMessage('The version is a whole number.');

/**
 * The versions that the seller's change is meant for, from `If-Match: "3"` (a list, by RFC 9110) or the body.
 * @throws Problem 400 when the header is not one of ours
 */
export function expectedVersions(req: Request, fromBody: number | undefined): readonly number[] | undefined {
  const header = req.get('if-match');
  if (header === undefined || header === '*') return fromBody === undefined ? undefined : [fromBody];
  const tags = header.split(',').map((tag) => /^(?:W\/)?"?(\d{1,9})"?$/.exec(tag.trim())?.[1]);
  if (tags.includes(undefined))
    throw new Problem(400, 'InvalidInput', 'If-Match takes the version of the ticket, such as "3".');
  return tags.map(Number);
}
