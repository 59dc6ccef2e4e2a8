import type { Tickets } from './data/tickets';

/**
 * The order's money was given back: its e-ticket lets nobody in any more. The ticket stays sold: its seat was not given
 * back. False when the ticket is not this order's.
 */
export async function voidETicket(tickets: Tickets, ticketId: string, orderId: string, at: Date): Promise<boolean> {
  if (await tickets.markRefunded(ticketId, orderId, at)) return true;
  const ticket = await tickets.find(ticketId);
  return ticket?.refunded?.orderId === orderId;
}
