import { OrderRefunded, onEvent } from '@ticketing/common';
import type { Tickets } from '../data/tickets';
import { voidETicket } from '../void-e-ticket';

/** @throws Error when the ticket is not this order's: that must be seen, not acknowledged */
export const onOrderRefunded = ({ tickets }: { tickets: Tickets }) =>
  onEvent(OrderRefunded, async ({ id, ticket, refundedAt }) => {
    if (!(await voidETicket(tickets, ticket.id, id, new Date(refundedAt))))
      throw new Error(`order ${id} is refunded, but ticket ${ticket.id} is not its`);
  });
