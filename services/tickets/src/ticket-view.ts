import {
  type CloudEvent,
  currency,
  definitionOf,
  type EventData,
  makeEvent,
  type OutboxEntry,
} from '@ticketing/common';
import type { TicketRecord } from './data/ticket-model';

/** A ticket as everybody may see it. */
export interface TicketView {
  id: string;
  title: string;
  /** Minor units. */
  price: number;
  currency: typeof currency;
  userId: string;
  orderId: string | null;
  sold: boolean;
  version: number;
  createdAt: string;
}

export const ticketView = (ticket: TicketRecord): TicketView => ({
  id: ticket._id,
  title: ticket.title,
  price: ticket.price,
  currency,
  userId: ticket.userId,
  orderId: ticket.orderId,
  sold: ticket.sold,
  version: ticket.version,
  createdAt: ticket.createdAt.toISOString(),
});

/**
 * The event of an outbox entry: the ticket as it is when the event leaves. Its id comes from the entry's key, since the
 * same order may hold the ticket more than once, and a broker drops what it has seen the id of.
 * @throws Error for an unknown type
 */
export function ticketEvent(ticket: TicketRecord, entry: OutboxEntry): CloudEvent {
  const data: EventData<'TicketUpdated'> = {
    id: ticket._id,
    title: ticket.title,
    price: ticket.price,
    currency,
    userId: ticket.userId,
    orderId: ticket.orderId,
    sold: ticket.sold,
    version: ticket.version,
  };
  return makeEvent(
    definitionOf(entry.type),
    { id: `${ticket._id}:${entry.key}`, subject: ticket._id, time: entry.at, traceparent: entry.traceparent },
    data,
  );
}
