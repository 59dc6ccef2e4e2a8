import { orderPath } from '@/api/paths';
import type { Order } from '@/api/types';
import { DateTime } from '@/components/date-time';
import { PageLink } from '@/components/page-link';
import { StubPrice } from '@/components/stub-price';
import { labelOf, stageOf } from './describe-order';
import { ETicketLink } from './e-ticket-link';
import styles from './orders.module.scss';

interface Props {
  order: Order;
  /** By the server's clock. */
  nowMs: number;
}

/** One of the buyer's orders in the list. */
export function OrderRow({ order, nowMs }: Props) {
  const { text, tone } = labelOf(order, nowMs);
  return (
    <li className="ticket-slip">
      <div className="ticket-paper">
        <div className="ticket-body">
          <span>
            <span className={styles.state} data-tone={tone}>
              {text}
            </span>
          </span>
          <h2 className="ticket-title">
            <PageLink className="stretched-link" href={orderPath(order.id)}>
              {order.ticket?.title ?? 'A ticket that was not reserved'}
            </PageLink>
          </h2>
          {order.ticket?.startsAt && (
            <p className="ticket-facts">
              <DateTime at={order.ticket.startsAt} />
            </p>
          )}
          {order.ticket?.venue && <p className="ticket-facts ticket-venue">{order.ticket.venue}</p>}
          <p className="ticket-facts">
            Ordered <DateTime at={order.createdAt} />
          </p>
          {stageOf(order, nowMs) === 'awaitingPayment' && (
            <p className="ticket-facts ticket-urgent">
              Pay now: it is held for you until <DateTime at={order.expiresAt} />
            </p>
          )}
          {order.status === 'Completed' && !order.refundedAt && (
            <p className={`ticket-facts ${styles.aboveLink}`}>
              <ETicketLink className="" orderId={order.id} title={order.ticket?.title} />
            </p>
          )}
        </div>
        <div className="ticket-stub">
          {order.price === null ? <span className="ticket-price">–</span> : <StubPrice cents={order.price} />}
        </div>
      </div>
    </li>
  );
}
