import { type Clock, OrderCancelled, onEvent } from '@ticketing/common';
import type { AnnounceTicket } from '../changes';
import type { Tickets } from '../data/tickets';

interface Deps {
  tickets: Tickets;
  announce: AnnounceTicket;
  clock: Clock;
}

/** The hold ends, if it is still this order's: by now the ticket may be another's. */
export const onOrderCancelled = ({ tickets, announce, clock }: Deps) =>
  onEvent(OrderCancelled, async (order) => {
    const released = await tickets.release(order.ticket.id, order.id, clock.now());
    if (released) announce(released);
  });
