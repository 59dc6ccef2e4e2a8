import {
  checkMongo,
  connectMongo,
  connectSessions,
  createOutbox,
  duration,
  ensureIndexes,
  newId,
  repeat,
  runService,
} from '@ticketing/common';
import { z } from 'zod';
import { createApp } from './app';
import { orderModel } from './data/order-model';
import { ordersIn } from './data/orders';
import { orderEvent } from './order-view';
import { askPayments } from './payments/ask-payments';
import { reconcileOrders, settleCaptures } from './reconcile/reconcile-orders';
import { askTickets } from './tickets/ask-tickets';

const settings = {
  MONGO_URL: z.string().min(1),
  HOLD_WINDOW: duration('15m'),
  /** How long `POST /api/orders` may take, from the hold to the written order. */
  REQUEST_BUDGET: duration('10s'),
  RECONCILE_EVERY: duration('5s'),
};

runService(settings, async ({ config, log, metrics, dapr, clock, checkNotDraining }) => {
  const { sessions } = await connectSessions({ dapr, clock });
  const connection = await connectMongo(config.MONGO_URL, 'ticketing_orders');
  const model = orderModel(connection);
  await ensureIndexes(connection);
  const outbox = createOutbox({
    model,
    topic: 'orders',
    toEvent: orderEvent,
    publisher: dapr.events,
    clock,
    log,
    metrics,
  });
  const orders = ordersIn(model);
  const announce = outbox.announce;
  const holds = askTickets(dapr.invoker, config.REQUEST_BUDGET / 2);
  const reconcile = {
    orders,
    announce,
    holds,
    paymentOutcome: askPayments(dapr.invoker),
    clock,
    log,
    metrics,
    requestBudgetMs: config.REQUEST_BUDGET,
    overdueMs: 5_000,
    capturingMs: 20_000,
  };
  const reconcilers = [
    { name: 'order reconciler', work: (stopping: AbortSignal) => reconcileOrders({ ...reconcile, stopping }) },
    { name: 'capture reconciler', work: (stopping: AbortSignal) => settleCaptures({ ...reconcile, stopping }) },
  ].map(({ name, work }) => repeat({ name, everyMs: config.RECONCILE_EVERY, work, log }));

  const app = createApp({
    orders,
    holds,
    announce,
    sessions,
    clock,
    newId,
    windowMs: config.HOLD_WINDOW,
    log,
    metrics,
    appApiToken: config.APP_API_TOKEN,
    eventBatchWaitMs: config.EVENT_BATCH_WAIT,
    trustProxy: config.TRUST_PROXY,
    checkReady: () => {
      checkNotDraining();
      checkMongo(connection);
    },
  });
  return { app, background: [outbox, ...reconcilers], close: () => connection.close() };
});
