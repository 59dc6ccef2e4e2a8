import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { connectETicketKeys, connectRecords, newId, ownRateLimiter, repeat, runService } from '@ticketing/common';
import { createApp } from './app';
import { nameBuyer } from './auth/ask-auth';
import { orderModel } from './data/order-model';
import { ordersIn } from './data/orders';
import { drawETickets } from './e-ticket/draw-e-tickets';
import { keepETickets } from './e-ticket/keep-e-tickets';
import { orderEvent } from './order-view';
import { askPayments } from './payments/ask-payments';
import { reconcileOrders, settleCaptures, tellVoid } from './reconcile/reconcile-orders';
import { settings } from './settings';
import { askTickets, tellTickets } from './tickets/ask-tickets';

runService(settings, async (context) => {
  const { config, log, metrics, dapr, clock } = context;
  const eTicketKeys = await connectETicketKeys({ dapr });
  const { models, outbox, sessions, checkReady, close } = await connectRecords(context, {
    database: 'ticketing_orders',
    models: (connection) => ({ orders: orderModel(connection) }),
    outbox: ({ orders }) => ({ model: orders, topic: 'orders', toEvent: orderEvent }),
  });
  const orders = ordersIn(models.orders);
  const announce = outbox.announce;
  const holds = askTickets(dapr.invoker, config.REQUEST_BUDGET / 2);
  const reconcile = {
    orders,
    announce,
    holds,
    voidETicket: tellTickets(dapr.invoker),
    paymentOutcome: askPayments(dapr.invoker),
    clock,
    log,
    metrics,
    requestBudgetMs: config.REQUEST_BUDGET,
    overdueMs: 5_000,
    capturingMs: 20_000,
    voidTellMs: 20_000,
  };
  const reconcilers = [
    { name: 'order reconciler', work: (stopping: AbortSignal) => reconcileOrders({ ...reconcile, stopping }) },
    { name: 'capture reconciler', work: (stopping: AbortSignal) => settleCaptures({ ...reconcile, stopping }) },
    { name: 'refund reconciler', work: (stopping: AbortSignal) => tellVoid({ ...reconcile, stopping }) },
  ].map(({ name, work }) => repeat({ name, everyMs: config.RECONCILE_EVERY, work, log }));

  const drawing = drawETickets({ startThread: () => new Worker(join(__dirname, 'e-ticket/draw-in-thread.js')) });
  const app = createApp({
    orders,
    holds,
    announce,
    sessions,
    eTickets: keepETickets(drawing.draw),
    eTicketKeys,
    limiter: ownRateLimiter(),
    nameOf: nameBuyer(dapr.invoker),
    clock,
    newId,
    windowMs: config.HOLD_WINDOW,
    log,
    metrics,
    appApiToken: config.APP_API_TOKEN,
    eventBatchWaitMs: config.EVENT_BATCH_WAIT,
    trustProxy: config.TRUST_PROXY,
    checkReady,
  });
  return {
    app,
    background: [outbox, ...reconcilers],
    async close() {
      await drawing.stop();
      await close();
    },
  };
});
