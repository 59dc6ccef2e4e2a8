import { ChargeCompleted, type Clock, onEvent } from '@ticketing/common';
import type { OrderRecord } from '../data/order-model';
import type { Orders } from '../data/orders';
import { complete } from '../domain/order';

interface Deps {
  orders: Orders;
  announce: (order: OrderRecord) => void;
  clock: Clock;
}

/** @throws Error for money that was taken without our leave: payments refunds it, but it must be seen here too */
export const onChargeCompleted = ({ orders, announce, clock }: Deps) =>
  onEvent(ChargeCompleted, async ({ orderId }) => {
    const completed = await orders.change(orderId, complete, clock.now());
    if (!completed) throw new Error(`order ${orderId} was paid and is not known`);
    if (completed.kind === 'refused') throw new Error(`order ${orderId} was paid while ${completed.order.status}`);
    if (completed.kind === 'changed') announce(completed.order);
  });
