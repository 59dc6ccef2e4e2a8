import { type Clock, OrderExpired, onEvent } from '@ticketing/common';
import type { OrderRecord } from '../data/order-model';
import type { Orders } from '../data/orders';
import { expire } from '../domain/order';

interface Deps {
  orders: Orders;
  announce: (order: OrderRecord) => void;
  clock: Clock;
}

export const onOrderExpired = ({ orders, announce, clock }: Deps) =>
  onEvent(OrderExpired, async ({ orderId }) => {
    const now = clock.now();
    const expired = await orders.change(orderId, (order) => expire(order, now), now);
    if (expired?.kind === 'changed') announce(expired.order);
  });
