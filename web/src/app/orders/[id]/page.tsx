import type { Metadata } from 'next';
import { cache } from 'react';
import { orderPath } from '@/api/paths';
import type { Charge, Order } from '@/api/types';
import { PageHeading } from '@/components/page-heading';
import { OrderDesk } from '@/orders/order-desk';
import { OrderSummary } from '@/orders/order-summary';
import styles from '@/orders/orders.module.scss';
import { readConfiguration } from '@/server/configuration';
import { refusedPage } from '@/server/refused-page';
import { requireVisitor } from '@/server/require-visitor';
import { callApi } from '@/server/transport';

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const answer = await readOrder((await params).id);
  return { title: answer.ok && answer.body.ticket ? `Order: ${answer.body.ticket.title}` : 'Your order' };
}

export default async function OrderPage({ params }: Props) {
  const { id } = await params;
  await requireVisitor(orderPath(id));
  const [answer, charges] = await Promise.all([readOrder(id), readCharges(id)]);
  if (!answer.ok) return refusedPage(answer.problem, orderPath(id), 'Your order cannot be shown right now');
  const order = answer.body;
  return (
    <>
      <PageHeading title={order.ticket?.title ?? 'Your order'} />
      <div className={styles.page}>
        <OrderDesk
          order={order}
          charges={charges}
          renderedAtMs={Date.now()}
          scriptAddress={readConfiguration().stripeScriptUrl?.href}
        />
        <OrderSummary order={order} />
      </div>
    </>
  );
}

/** Once for the title and the page. */
const readOrder = cache((id: string) => callApi<Order>('orders', `/api/orders/${encodeURIComponent(id)}`));

/** Nothing when payments does not answer: the page lives without it. */
async function readCharges(orderId: string): Promise<Charge[] | null> {
  const answer = await callApi<{ items: Charge[] }>(
    'payments',
    `/api/payments?orderId=${encodeURIComponent(orderId)}`,
    { timeoutMs: 2_500 },
  );
  return answer.ok ? answer.body.items : null;
}
