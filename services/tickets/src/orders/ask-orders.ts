import { type AbandonedHold, abandonAnswer, type Invoker, type OrderStatus, understood } from '@ticketing/common';

/** @throws NoAnswer when orders did not say */
export const askOrdersToAbandon =
  (invoker: Invoker) =>
  async (holds: readonly AbandonedHold[]): Promise<Map<string, OrderStatus>> => {
    const answer = await invoker.invoke({
      app: 'orders',
      method: 'POST',
      path: 'internal/orders/abandon',
      body: { holds },
    });
    const { orders } = understood('orders', answer, 200, abandonAnswer);
    return new Map(orders.map(({ id, status }) => [id, status]));
  };
