import {
  type CloudEvent,
  currency,
  definitionOf,
  type EventData,
  makeEvent,
  type OutboxEntry,
} from '@ticketing/common';
import type { TicketRecord } from './data/ticket-model';
import type { TicketDetails } from './domain/ticket';

/** A ticket as everybody may see it. */
export interface TicketView {
  id: string;
  title: string;
  venue: string | null;
  startsAt: string | null;
  /** Minor units. */
  price: number;
  currency: typeof currency;
  userId: string;
  orderId: string | null;
  sold: boolean;
  /** Nobody bought it before its event began. */
  begun: boolean;
  version: number;
  createdAt: string;
}

export const ticketView = (ticket: TicketRecord): TicketView => ({
  id: ticket._id,
  title: ticket.title,
  venue: ticket.venue ?? null,
  startsAt: ticket.startsAt?.toISOString() ?? null,
  price: ticket.price,
  currency,
  userId: ticket.userId,
  orderId: ticket.orderId,
  sold: ticket.sold,
  begun: !ticket.forSale && ticket.orderId === null && !ticket.deleted,
  version: ticket.version,
  createdAt: ticket.createdAt.toISOString(),
});

/** What the ticket is for, as events and other services are told: what is not known is left out. */
export const eventDetails = ({ venue, startsAt }: TicketDetails): { venue?: string; startsAt?: string } => ({
  ...(venue ? { venue } : {}),
  ...(startsAt ? { startsAt: startsAt.toISOString() } : {}),
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
    ...eventDetails(ticket),
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
