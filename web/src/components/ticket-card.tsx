import type { ReactNode } from 'react';
import { ticketPath } from '@/api/paths';
import type { Ticket } from '@/api/types';
import { DateTime } from './date-time';
import { PageLink } from './page-link';
import { StubPrice } from './stub-price';

interface Props {
  ticket: Pick<Ticket, 'id' | 'title' | 'price' | 'venue' | 'startsAt'>;
  /** `taken`: struck through. `new`: it has just arrived. */
  state?: 'plain' | 'taken' | 'new';
  /** A word about its state: "Taken", "Held for a buyer". */
  note?: ReactNode;
}

/** A ticket in a list: what it is for, and its price on the stub. The whole card is the title's link. */
export const TicketCard = ({ ticket, state = 'plain', note }: Props) => (
  <article className={`ticket-slip${state === 'taken' ? ' is-taken' : ''}${state === 'new' ? ' is-new' : ''}`}>
    <div className="ticket-paper">
      <div className="ticket-body">
        {note ? <span className="ticket-note">{note}</span> : null}
        <h2 className="ticket-title">
          <PageLink className="stretched-link" href={ticketPath(ticket.id)}>
            {ticket.title}
          </PageLink>
        </h2>
        <p className="ticket-facts">{ticket.startsAt ? <DateTime at={ticket.startsAt} /> : 'No date given'}</p>
        {ticket.venue ? <p className="ticket-facts ticket-venue">{ticket.venue}</p> : null}
      </div>
      <div className="ticket-stub">
        <StubPrice cents={ticket.price} />
      </div>
    </div>
  </article>
);
