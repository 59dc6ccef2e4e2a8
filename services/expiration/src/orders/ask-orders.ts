import { type Invoker, internalOrder, type OrderStatus, saysUnknownOrder, understood } from '@ticketing/common';

/** @throws NoAnswer when orders did not say */
export type OrderStatusOf = (orderId: string) => Promise<OrderStatus | 'unknown'>;

export const askOrders =
  (invoker: Invoker): OrderStatusOf =>
  async (orderId) => {
    const answer = await invoker.invoke({ app: 'orders', method: 'GET', path: `internal/orders/${orderId}` });
    if (saysUnknownOrder(answer)) return 'unknown';
    return understood('orders', answer, 200, internalOrder).status;
  };
