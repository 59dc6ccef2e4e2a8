import { ChargeRefunded, type Clock, onEvent } from '@ticketing/common';
import type { OrderRecord } from '../data/order-model';
import type { Orders } from '../data/orders';
import { complete, refund } from '../domain/order';

interface Deps {
  orders: Orders;
  announce: (order: OrderRecord) => void;
  clock: Clock;
}

/**
 * What was given back had been taken before, though that event may come later: an order that still captures is completed
 * first, or its e-ticket would be good when it is. Money that was given back since the order had ended is none of ours.
 */
export const onChargeRefunded = ({ orders, announce, clock }: Deps) =>
  onEvent(ChargeRefunded, async ({ orderId }) => {
    const now = clock.now();
    const completed = await orders.change(orderId, complete, now);
    if (completed?.kind === 'changed') announce(completed.order);
    const refunded = await orders.change(orderId, (order) => refund(order, now), now);
    if (refunded?.kind === 'changed') announce(refunded.order);
  });
