import { type AbandonedHold, abandonAnswer, type Invoker, NoAnswer, type OrderStatus } from '@ticketing/common';

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
    if (answer.status !== 200) throw new NoAnswer('orders', `abandon was answered ${answer.status}`);
    const { orders } = abandonAnswer.parse(answer.body);
    return new Map(orders.map(({ id, status }) => [id, status]));
  };
