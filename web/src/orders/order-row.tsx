import { orderPath } from '@/api/paths';
import type { Order } from '@/api/types';
import { DateTime } from '@/components/date-time';
import { Money } from '@/components/money';
import { PageLink } from '@/components/page-link';
import { labelOf, stageOf } from './describe-order';
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
          <p className="ticket-facts">
            Ordered <DateTime at={order.createdAt} />
          </p>
          {stageOf(order, nowMs) === 'awaitingPayment' && (
            <p className="ticket-facts">
              Pay now: it is held for you until <DateTime at={order.expiresAt} />
            </p>
          )}
        </div>
        <div className="ticket-stub">
          <span className="ticket-price">{order.price === null ? '–' : <Money cents={order.price} />}</span>
        </div>
      </div>
    </li>
  );
}
