import { mountActors, newId, runService } from '@ticketing/common';
import express from 'express';
import { orderExpiry } from './actors/order-expiry';
import { createApp } from './app';
import { orderWatches } from './order-watches';
import { askOrders } from './orders/ask-orders';
import { settings } from './settings';

runService(settings, async ({ config, log, metrics, dapr, clock, checkNotDraining }) => {
  const actors = express();
  const definition = orderExpiry({
    events: dapr.events,
    orderStatus: askOrders(dapr.invoker),
    clock,
    newId,
    periodMs: config.REMINDER_PERIOD,
  });
  await mountActors(actors, [definition], dapr.sidecar, dapr.address);
  const app = createApp({
    watches: orderWatches(dapr.actors),
    actors,
    log,
    metrics,
    appApiToken: config.APP_API_TOKEN,
    eventBatchWaitMs: config.EVENT_BATCH_WAIT,
    trustProxy: config.TRUST_PROXY,
    checkReady: checkNotDraining,
  });
  return { app, close: async () => undefined };
});
