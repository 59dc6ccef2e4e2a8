import { Problem } from '@ticketing/common';
import type { ChangeRefusal } from '../domain/ticket';

/** What a seller is told when a ticket cannot be changed or deleted. */
export const changeProblems: Record<ChangeRefusal, () => Problem> = {
  NotFound: () => new Problem(404, 'NotFound', 'There is no such ticket.'),
  NotYours: () => new Problem(403, 'NotYours', 'Only its seller can change this ticket.'),
  Sold: () => new Problem(409, 'TicketSold', 'This ticket is sold and cannot be changed any more.'),
  Held: () =>
    new Problem(
      409,
      'TicketHeld',
      'Somebody is buying this ticket. If they do not pay in time, you can change it again.',
    ),
  Stale: () =>
    new Problem(412, 'TicketChanged', 'The ticket was changed meanwhile. Load it again and repeat your change.'),
};
