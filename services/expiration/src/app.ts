// All that the expiration service does.
import { createHttpApp, type HttpAppOptions, type Log, type Metrics } from '@ticketing/common';
import type { Application } from 'express';
import { onOrderCreated } from './events/on-order-created';
import { onOrderEnded } from './events/on-order-ended';
import type { OrderWatches } from './order-watches';

export interface Deps extends Pick<HttpAppOptions, 'appApiToken' | 'trustProxy' | 'checkReady' | 'actors'> {
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
        // Each event is an actor call, a reminder and a state transaction: waiting, mostly, so many at once.
        concurrency: 32,
      },
    ],
  });
