import type { Metadata } from 'next';
import type { Order, Page } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { PageHeading } from '@/components/page-heading';
import { PageLink } from '@/components/page-link';
import { OrderRow } from '@/orders/order-row';
import styles from '@/orders/orders.module.scss';
import { refusedPage } from '@/server/refused-page';
import { requireVisitor } from '@/server/require-visitor';
import { callApi } from '@/server/transport';

export const metadata: Metadata = {
  title: 'My orders',
  description: 'The tickets you bought, those that wait for your payment, and what became of the others.',
};

interface Props {
  searchParams: Promise<{ cursor?: string | string[] }>;
}

export default async function OrdersPage({ searchParams }: Props) {
  const { cursor } = await searchParams;
  const query = typeof cursor === 'string' ? `?cursor=${encodeURIComponent(cursor)}` : '';
  await requireVisitor(`/orders${query}`);
  const answer = await callApi<Page<Order>>('orders', `/api/orders${query}`);
  if (!answer.ok) return refusedPage(answer.problem, `/orders${query}`, 'Your orders cannot be shown right now');
  const { items, nextCursor } = answer.body;
  const nowMs = Date.now();
  return (
    <>
      <PageHeading title="My orders" />
      {items.length === 0 ? (
        <EmptyState title="No orders yet">
          <p>When you buy a ticket, it appears here with everything that happens to it.</p>
          <PageLink className="btn btn-primary" href="/">
            Browse tickets
          </PageLink>
        </EmptyState>
      ) : (
        <ol className={styles.list}>
          {items.map((order) => (
            <OrderRow key={order.id} order={order} nowMs={nowMs} />
          ))}
        </ol>
      )}
      <nav className={styles.paging} aria-label="Pages of orders">
        {query && <PageLink href="/orders">Newest orders</PageLink>}
        {nextCursor && (
          <PageLink className="btn btn-quiet" href={`/orders?cursor=${encodeURIComponent(nextCursor)}`}>
            Older orders
          </PageLink>
        )}
      </nav>
    </>
  );
}
