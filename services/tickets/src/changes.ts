import type { Outbox } from '@ticketing/common';
import type { TicketRecord } from './data/ticket-model';
import type { ListingFeed } from './live/listing-feed';

/**
 * Tells the world of a stored change: the event by the outbox, the browsers by the live feed. What is not for sale any
 * more is `removed` there; what is, as the caller says.
 */
export type AnnounceTicket = (ticket: TicketRecord, ifForSale?: 'listed' | 'changed') => void;

export const announceBy =
  (outbox: Outbox<TicketRecord>, feed: ListingFeed): AnnounceTicket =>
  (ticket, ifForSale = 'listed') => {
    outbox.announce(ticket);
    feed.announce(ticket, ticket.forSale ? ifForSale : 'removed');
  };
