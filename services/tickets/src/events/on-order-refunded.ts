import { OrderRefunded, onEvent } from '@ticketing/common';
import type { Tickets } from '../data/tickets';

/** The ticket stays sold: its money was given back, its seat was not. */
export const onOrderRefunded = ({ tickets }: { tickets: Tickets }) =>
  onEvent(OrderRefunded, async (order) => {
    const marked = await tickets.markRefunded(order.ticket.id, order.id, new Date(order.refundedAt));
    if (marked) return;
    const ticket = await tickets.find(order.ticket.id);
    if (ticket?.refunded?.orderId !== order.id) {
      throw new Error(`order ${order.id} is refunded, but ticket ${order.ticket.id} is not its`);
    }
  });
