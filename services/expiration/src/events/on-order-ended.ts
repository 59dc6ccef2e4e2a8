import { OrderCancelled, OrderCompleted, onEvent } from '@ticketing/common';
import type { OrderWatches } from '../order-watches';

/**
 * An order that ended needs no reminder. When this comes before its `OrderCreated`, the watch begins after all, fires
 * once, asks orders and ends itself.
 */
export const onOrderEnded = (watches: OrderWatches) => ({
  ...onEvent(OrderCompleted, ({ id }) => watches.forget(id)),
  ...onEvent(OrderCancelled, ({ id }) => watches.forget(id)),
});
