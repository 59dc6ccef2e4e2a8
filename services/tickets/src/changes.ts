import type { Outbox } from '@ticketing/common';
import type { TicketRecord } from './data/ticket-model';
import type { ListingChange, ListingFeed } from './live/listing-feed';

/** Tells the world of a stored change: the event by the outbox, the browsers by the live feed. */
export type AnnounceTicket = (ticket: TicketRecord, change: ListingChange['change']) => void;

export const announceBy =
  (outbox: Outbox<TicketRecord>, feed: ListingFeed): AnnounceTicket =>
  (ticket, change) => {
    outbox.announce(ticket);
    feed.announce(ticket, change);
  };
