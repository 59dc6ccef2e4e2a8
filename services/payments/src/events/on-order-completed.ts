import { OrderCompleted, onEvent } from '@ticketing/common';
import type { Payments } from '../data/payments';
import { orderCompleted } from '../domain/close-payment';

/** A captured payment is at its end. Whoever was faster, or an event that comes too early, leaves it to the reconciler. */
export const onOrderCompleted = ({ payments }: { payments: Payments }) =>
  onEvent(OrderCompleted, async (order) => {
    const payment = await payments.find(order.id);
    if (!payment) return;
    const change = orderCompleted(payment);
    if (change.payment !== payment) await payments.save(payment, change);
  });
