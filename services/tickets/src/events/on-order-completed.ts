import { type Clock, OrderCompleted, onEvent } from '@ticketing/common';
import type { AnnounceTicket } from '../changes';
import type { Tickets } from '../data/tickets';

interface Deps {
  tickets: Tickets;
  announce: AnnounceTicket;
  clock: Clock;
}

/** @throws Error when the ticket is not this order's: a completed order without its ticket must be seen, not acknowledged */
export const onOrderCompleted = ({ tickets, announce, clock }: Deps) =>
  onEvent(OrderCompleted, async (order) => {
    const sold = await tickets.markSold(order.ticket.id, order.id, clock.now());
    if (sold) return announce(sold);
    const ticket = await tickets.find(order.ticket.id);
    if (!ticket?.sold || ticket.orderId !== order.id) {
      throw new Error(`order ${order.id} is completed, but ticket ${order.ticket.id} is not its`);
    }
  });
