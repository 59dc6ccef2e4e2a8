import {
  type Clock,
  type ETicketClaim,
  type ETicketKeys,
  inputOf,
  mostCodeCharacters,
  type NewId,
  Problem,
  type RateLimiter,
  rateLimits,
  readETicketCode,
  sessionOf,
  validate,
} from '@ticketing/common';
import type { RequestHandler } from 'express';
import { body, header } from 'express-validator';
import type { TicketRecord } from '../data/ticket-model';
import type { Tickets } from '../data/tickets';
import { type DoorVerdict, judgeAtDoor } from '../domain/ticket';
import { checkView, forgedView } from '../e-ticket-view';

interface Deps {
  tickets: Tickets;
  eTicketKeys: Pick<ETicketKeys, 'keys'>;
  limiter: RateLimiter;
  clock: Clock;
  newId: NewId;
}

interface Input {
  code: string;
  look?: boolean;
  'idempotency-key'?: string;
}

export const verifyETicket = (deps: Deps): RequestHandler[] => [
  validate(
    body('code')
      .custom((code: unknown) => typeof code === 'string' && code.trim() !== '' && code.length <= mostCodeCharacters)
      .withMessage(`Give the code of the e-ticket: text of at most ${mostCodeCharacters} characters.`),
    body('look').optional().isBoolean({ strict: true }).withMessage('Whether to only look is true or false.'),
    header('idempotency-key')
      .optional()
      .matches(/^[\x21-\x7e]{1,200}$/)
      .withMessage('An Idempotency-Key has 1 to 200 visible ASCII characters.'),
  ),
  async (req, res) => {
    const { code, look = false, 'idempotency-key': key = deps.newId() } = inputOf<Input>(req);
    const sellerId = sessionOf(req).userId;
    // The seal is read first, which costs no more than counting: whoever has paid is let in, however many forged ones
    // were shown before, and though the counters are away.
    const reading = readETicketCode(code, deps.eTicketKeys);
    if (!reading.genuine) {
      await deps.limiter.use(rateLimits.forgedETicketsOfAccount, sellerId);
      return void res.json(forgedView(reading.why));
    }
    const own = await findSold(deps.tickets, reading.claim, sellerId);
    const { ticket, verdict } = look
      ? { ticket: own, verdict: judgeAtDoor(own, reading.claim.orderId, key) }
      : await letIn(deps, reading.claim, sellerId, key);
    res.json(checkView(ticket, reading.claim.orderId, verdict));
  },
];

/**
 * By the order that the e-ticket was sealed for: it was completed, though the event that says so may still be on its way.
 * @throws Problem when the ticket is another seller's
 */
async function findSold(tickets: Tickets, { ticketId, orderId }: ETicketClaim, sellerId: string) {
  const ticket = await tickets.find(ticketId);
  if (!ticket || ticket.userId !== sellerId || ticket.orderId !== orderId)
    throw new Problem(404, 'NotFound', 'You have sold no such ticket.');
  return ticket;
}

/** Of all who show the same e-ticket at once, the compare-and-set lets one in; the others are told what it found. */
async function letIn(
  { tickets, clock }: Deps,
  claim: ETicketClaim,
  sellerId: string,
  key: string,
): Promise<{ ticket: TicketRecord; verdict: DoorVerdict }> {
  const admitted = await tickets.admit(claim.ticketId, claim.orderId, { at: clock.now(), key });
  if (admitted) return { ticket: admitted, verdict: 'valid' };
  const ticket = await findSold(tickets, claim, sellerId);
  return { ticket, verdict: judgeAtDoor(ticket, claim.orderId, key) };
}
