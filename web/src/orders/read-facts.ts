import { call } from '@/api/call';
import { ApiError } from '@/api/problem';
import type { Charge, Order } from '@/api/types';
import { type ClockSample, sampleOf } from '@/countdown/server-clock';

export interface OrderFacts {
  order: Order;
  /** Oldest first; nothing when payments does not answer. */
  charges: Charge[] | null;
}

/**
 * @param hearTime told what the answer says about the server's clock
 * @throws ApiError when the order cannot be read
 */
export async function readFacts(orderId: string, hearTime: (sample: ClockSample) => void): Promise<OrderFacts> {
  const [order, charges] = await Promise.all([readOrder(orderId, hearTime), readCharges(orderId)]);
  return { order, charges };
}

/** Answers may overtake each other: the older one is dropped. Charges that were seen are not forgotten in an outage. */
export const newer = (known: OrderFacts, read: OrderFacts): OrderFacts => ({
  order: read.order.version < known.order.version ? known.order : read.order,
  charges:
    read.charges && known.charges ? furtherCharges(known.charges, read.charges) : (read.charges ?? known.charges),
});

/** A charge is decided once, and refunded once: what is so in one of the answers is so. */
function furtherCharges(known: Charge[], read: Charge[]): Charge[] {
  const [fewer, more] = read.length < known.length ? [read, known] : [known, read];
  return more.map((charge) => {
    const other = fewer.find(({ id }) => id === charge.id);
    return other && progressOf(other) > progressOf(charge) ? other : charge;
  });
}

const progressOf = ({ status, stripeRefundId }: Charge): number =>
  stripeRefundId !== null ? 2 : status === 'Created' ? 0 : 1;

function readOrder(orderId: string, hearTime: (sample: ClockSample) => void): Promise<Order> {
  const askedAtMs = performance.now();
  return call<Order>(`/api/orders/${orderId}`, {
    onHeaders: (headers) => {
      const sample = sampleOf(headers.get('date'), askedAtMs, performance.now());
      if (sample) hearTime(sample);
    },
  });
}

const readCharges = (orderId: string): Promise<Charge[] | null> =>
  call<{ items: Charge[] }>(`/api/payments?orderId=${orderId}`).then(
    ({ items }) => items,
    (error: unknown) => {
      if (error instanceof ApiError) return null;
      throw error;
    },
  );
