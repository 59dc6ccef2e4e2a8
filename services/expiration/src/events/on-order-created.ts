import { OrderCreated, onEvent } from '@ticketing/common';
import type { OrderWatches } from '../order-watches';

/** @throws NoAnswer when the actor did not say that it watches: the event is then taken again */
export const onOrderCreated = (watches: OrderWatches) =>
  onEvent(OrderCreated, ({ id, expiresAt }) => watches.watch(id, { expiresAt }));
