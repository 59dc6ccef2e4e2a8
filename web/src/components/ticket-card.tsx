import type { ReactNode } from 'react';
import { ticketPath } from '@/api/paths';
import type { Ticket } from '@/api/types';
import { DateTime } from './date-time';
import { PageLink } from './page-link';
import { StubPrice } from './stub-price';

interface Props {
  ticket: Pick<Ticket, 'id' | 'title' | 'price' | 'venue' | 'startsAt'>;
  /** Where its title leads; the ticket's page unless told otherwise. */
  href?: string;
  /** `taken`: struck through. `new`: it has just arrived. */
  state?: 'plain' | 'taken' | 'new';
  /** A word about its state: "Taken", "Held for a buyer". */
  note?: ReactNode;
  /** Below the price, on the stub. */
  stub?: ReactNode;
  /** Below the facts: buttons of a listing, say. Links and buttons in it lie above the card's own link. */
  children?: ReactNode;
}

/** A ticket in a list: what it is for, and its price on the stub. The whole card is the title's link. */
export const TicketCard = ({ ticket, href, state = 'plain', note, stub, children }: Props) => (
  <article className={`ticket-slip${state === 'taken' ? ' is-taken' : ''}${state === 'new' ? ' is-new' : ''}`}>
    <div className="ticket-paper">
      <div className="ticket-body">
        {note ? <span className="ticket-note">{note}</span> : null}
        <h2 className="ticket-title">
          <PageLink className="stretched-link" href={href ?? ticketPath(ticket.id)}>
            {ticket.title}
          </PageLink>
        </h2>
        <p className="ticket-facts">{ticket.startsAt ? <DateTime at={ticket.startsAt} /> : 'No date given'}</p>
        {ticket.venue ? <p className="ticket-facts ticket-venue">{ticket.venue}</p> : null}
        {children}
      </div>
      <div className="ticket-stub">
        <StubPrice cents={ticket.price} />
        {stub}
      </div>
    </div>
  </article>
);
