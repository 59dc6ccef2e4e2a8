import { type Clock, currency, type HoldAnswer, holdRequest, Problem } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { AnnounceTicket } from '../changes';
import type { Tickets } from '../data/tickets';
import { type HoldCommand, refuseHold } from '../domain/ticket';
import { eventDetails } from '../ticket-view';

interface Deps {
  tickets: Tickets;
  announce: AnnounceTicket;
  clock: Clock;
  /** How long a request for a hold may take, end to end; older holds without an order were left by a crash. */
  requestBudgetMs: number;
}

/** A refusal that no longer holds when it is explained is tried again this often. */
const attempts = 3;

export const holdTicket =
  (deps: Deps): RequestHandler =>
  async (req, res) => {
    const command = holdRequest.safeParse(req.body);
    if (!command.success) throw new Problem(400, 'InvalidInput', command.error.message);
    res.json(await hold(deps, String(req.params.id), command.data));
  };

async function hold(
  { tickets, announce, clock, requestBudgetMs }: Deps,
  id: string,
  command: HoldCommand,
): Promise<HoldAnswer> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const now = clock.now();
    const held = await tickets.hold(id, command, now, new Date(now.getTime() + requestBudgetMs));
    if (held) {
      announce(held);
      const { title, price, userId } = held;
      return { granted: true, ticket: { id, title, ...eventDetails(held), price, currency, sellerId: userId } };
    }
    const refusal = refuseHold(await tickets.find(id), command, now);
    if (refusal) return refusal;
  }
  return { granted: false, reason: 'Held' };
}
