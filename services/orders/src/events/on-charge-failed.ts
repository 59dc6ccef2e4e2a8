import { ChargeFailed, type Clock, onEvent } from '@ticketing/common';
import type { OrderRecord } from '../data/order-model';
import type { Orders } from '../data/orders';
import { failPayment } from '../domain/order';

interface Deps {
  orders: Orders;
  announce: (order: OrderRecord) => void;
  clock: Clock;
}

/** Payments counts the declines and says which one is final; a declined card otherwise changes nothing here. */
export const onChargeFailed = ({ orders, announce, clock }: Deps) =>
  onEvent(ChargeFailed, async ({ orderId, final }) => {
    if (!final) return;
    const cancelled = await orders.change(orderId, failPayment, clock.now());
    if (cancelled?.kind === 'changed') announce(cancelled.order);
  });
