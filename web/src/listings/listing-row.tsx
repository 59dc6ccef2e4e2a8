import { listingPath, ticketPath } from '@/api/paths';
import type { Ticket } from '@/api/types';
import { DateTime } from '@/components/date-time';
import { Money } from '@/components/money';
import { PageLink } from '@/components/page-link';
import { DeleteListing } from './delete-listing';
import styles from './listing-row.module.scss';
import { type ListingState, listingState, whyNotEditable } from './listing-state';

/** One of the seller's own tickets, and what can be done with it now. */
export function ListingRow({ ticket }: { ticket: Ticket }) {
  const state = listingState(ticket);
  const reason = whyNotEditable[state];
  return (
    <li className={styles.row}>
      <div className={styles.what}>
        <h2 className={styles.title}>
          <PageLink href={ticketPath(ticket.id)}>{ticket.title}</PageLink>
        </h2>
        {/* A line each: in one, they would break when the fonts arrive, and push down all that follows. */}
        {ticket.startsAt && (
          <p className="soft mb-0">
            <DateTime at={ticket.startsAt} />
          </p>
        )}
        {ticket.venue && <p className="soft mb-0">{ticket.venue}</p>}
        <p className="mb-0">
          <span className={`${styles.state} ${styles[state]}`}>{stateInWords[state]}</span>
        </p>
        {reason && <p className="soft mb-0">{reason}</p>}
      </div>
      <p className={styles.price}>
        <Money cents={ticket.price} />
      </p>
      <div className={styles.actions}>
        {reason === null && (
          <>
            <PageLink
              className="btn btn-quiet btn-sm"
              href={listingPath(ticket.id)}
              aria-label={`Edit ${ticket.title}`}
            >
              Edit
            </PageLink>
            <DeleteListing ticket={ticket} />
          </>
        )}
      </div>
    </li>
  );
}

const stateInWords: Record<ListingState, string> = {
  'for-sale': 'For sale',
  held: 'Being bought',
  sold: 'Sold',
  begun: 'Begun, no longer for sale',
};
