import {
  beginCaptureAnswer,
  type InternalOrder,
  type Invoker,
  internalOrder,
  saysUnknownOrder,
  understood,
} from '@ticketing/common';

/** What orders says, by service invocation. Silence, failure and what is not understood are NoAnswer: never a no. */
export interface Orders {
  /** Nothing when there is no such order. @throws NoAnswer */
  find(orderId: string): Promise<InternalOrder | null>;
  /** May this order be captured? Asked again, it answers the same. @throws NoAnswer */
  beginCapture(orderId: string): Promise<boolean>;
}

export const askOrders = (invoker: Invoker): Orders => ({
  async find(orderId) {
    const answer = await invoker.invoke({ app: 'orders', method: 'GET', path: `internal/orders/${orderId}` });
    if (saysUnknownOrder(answer)) return null;
    return understood('orders', answer, 200, internalOrder);
  },
  async beginCapture(orderId) {
    const path = `internal/orders/${orderId}/begin-capture`;
    const answer = await invoker.invoke({ app: 'orders', method: 'POST', path });
    // Payments only has orders that orders once knew; one that is gone will never be completed.
    if (saysUnknownOrder(answer)) return false;
    return understood('orders', answer, 200, beginCaptureAnswer).granted;
  },
});
