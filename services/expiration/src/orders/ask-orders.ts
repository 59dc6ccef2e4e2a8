import { type Invoker, internalOrder, NoAnswer, type OrderStatus, saysUnknownOrder } from '@ticketing/common';

/** @throws NoAnswer when orders did not say */
export type OrderStatusOf = (orderId: string) => Promise<OrderStatus | 'unknown'>;

export const askOrders =
  (invoker: Invoker): OrderStatusOf =>
  async (orderId) => {
    const answer = await invoker.invoke({ app: 'orders', method: 'GET', path: `internal/orders/${orderId}` });
    if (saysUnknownOrder(answer)) return 'unknown';
    if (answer.status !== 200) throw new NoAnswer('orders', `its status was answered ${answer.status}`);
    return internalOrder.parse(answer.body).status;
  };
