import { ticketPath } from '@/api/paths';
import type { Order } from '@/api/types';
import { DateTime } from '@/components/date-time';
import { Money } from '@/components/money';
import { PageLink } from '@/components/page-link';
import styles from './orders.module.scss';

/** What was ordered, at which price. It is not kept live: until when it is held, the countdown says. */
export function OrderSummary({ order }: { order: Order }) {
  const { ticket, price } = order;
  return (
    <section className="panel" aria-labelledby="summary-heading">
      <h2 id="summary-heading">Your order</h2>
      <dl className={styles.facts}>
        {ticket?.venue && (
          <>
            <dt>Venue</dt>
            <dd>{ticket.venue}</dd>
          </>
        )}
        {ticket?.startsAt && (
          <>
            <dt>Starts</dt>
            <dd>
              <DateTime at={ticket.startsAt} />
            </dd>
          </>
        )}
        {price !== null && (
          <>
            <dt>Price</dt>
            <dd className={styles.price}>
              <Money cents={price} />
            </dd>
          </>
        )}
        <dt>Ordered</dt>
        <dd>
          <DateTime at={order.createdAt} />
        </dd>
        {order.status === 'AwaitingPayment' && (
          <>
            <dt className="only-without-script">Held until</dt>
            <dd className="only-without-script">
              <DateTime at={order.expiresAt} />
            </dd>
          </>
        )}
      </dl>
      {ticket && (
        <p className={styles.more}>
          <PageLink href={ticketPath(ticket.id)}>See the ticket’s page</PageLink>
        </p>
      )}
    </section>
  );
}
