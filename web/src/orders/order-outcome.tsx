import { useEffect, useRef } from 'react';
import { ticketPath } from '@/api/paths';
import type { Charge, Order } from '@/api/types';
import { PageLink } from '@/components/page-link';
import { describeEnding, describeMoney, isRefunded, type OrderStage } from './describe-order';
import { ETicketLink } from './e-ticket-link';
import styles from './orders.module.scss';

interface Props {
  order: Order;
  stage: OrderStage;
  charges: Charge[] | null;
}

/** How the order ended, or what it waits for when that is not the buyer. */
export function OrderOutcome({ order, stage, charges }: Props) {
  const box = useFocusThatWasLost(stage);
  return (
    <div aria-live="polite" ref={box} tabIndex={-1}>
      {stage === 'reserving' && (
        <section className="panel">
          <h2>Reserving your ticket…</h2>
          <p>This takes a moment. Nothing is charged until you pay.</p>
        </section>
      )}
      {stage === 'deciding' && (
        <section className="panel">
          <h2>The time to pay is over</h2>
          <p>We are checking whether a payment came in time. This page shows the outcome in a few seconds.</p>
        </section>
      )}
      {stage === 'completed' && (
        <Completed order={order} isRefunded={Boolean(order.refundedAt) || isRefunded(charges)} />
      )}
      {stage === 'cancelled' && <Cancelled order={order} charges={charges} />}
    </div>
  );
}

/** The form that had the focus goes when the order ends: the focus then comes to what is said instead. */
function useFocusThatWasLost(stage: OrderStage) {
  const box = useRef<HTMLDivElement>(null);
  const last = useRef(stage);
  useEffect(() => {
    if (last.current === stage) return;
    last.current = stage;
    if (document.activeElement === document.body) box.current?.focus();
  }, [stage]);
  return box;
}

const Completed = ({ order, isRefunded }: { order: Order; isRefunded: boolean }) =>
  isRefunded ? (
    <section className="panel">
      <h2>This order was refunded</h2>
      <p>Your payment was given back, so the ticket is no longer valid. Banks take some days to show a refund.</p>
      <PageLink className="btn btn-primary" href="/">
        Browse tickets
      </PageLink>
    </section>
  ) : (
    <section className={`panel ${styles.success}`}>
      <h2>It is yours</h2>
      <p>Your payment went through and the ticket is sold to you. We have sent you an e-mail about it.</p>
      <div className={styles.actions}>
        <ETicketLink orderId={order.id} />
        <PageLink className="btn btn-quiet" href="/orders">
          See my orders
        </PageLink>
        <PageLink className="btn btn-quiet" href="/">
          Browse more tickets
        </PageLink>
      </div>
    </section>
  );

function Cancelled({ order, charges }: { order: Order; charges: Charge[] | null }) {
  const money = describeMoney(charges);
  return (
    <section className="panel">
      <h2>{order.cancelReason === 'Expired' ? 'The time to pay ran out' : 'This order was cancelled'}</h2>
      <p>
        {describeEnding(order)} {money}
      </p>
      <div className={styles.actions}>
        <PageLink className="btn btn-primary" href={ticketPath(order.ticketId)}>
          See whether it is still for sale
        </PageLink>
        <PageLink className="btn btn-quiet" href="/">
          Browse tickets
        </PageLink>
      </div>
    </section>
  );
}
