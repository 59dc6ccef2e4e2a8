// All that the expiration service does.
import { createHttpApp, type HttpAppOptions, type Log, type Metrics } from '@ticketing/common';
import type { Application } from 'express';
import { onOrderCreated } from './events/on-order-created';
import { onOrderEnded } from './events/on-order-ended';
import type { OrderWatches } from './order-watches';

export interface Deps
  extends Pick<HttpAppOptions, 'appApiToken' | 'eventBatchWaitMs' | 'trustProxy' | 'checkReady' | 'actors'> {
  watches: OrderWatches;
  log: Log;
  metrics: Metrics;
}

export const createApp = (deps: Deps): Application =>
  createHttpApp({
    ...deps,
    subscriptions: [
      {
        topic: 'orders',
        handlers: { ...onOrderCreated(deps.watches), ...onOrderEnded(deps.watches) },
        // Each event is an actor call, a reminder and a state transaction, as much work as the purchase itself. It has
        // the whole window to be done in, so it takes its turn behind the requests of a rush instead of beside them.
        concurrency: 1,
      },
    ],
  });
