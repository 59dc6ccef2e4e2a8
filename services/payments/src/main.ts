import { connectRecords, ownRateLimiter, repeat, runService } from '@ticketing/common';
import { createApp, type Deps } from './app';
import { paymentModel } from './data/payment-model';
import { paymentsIn } from './data/payments';
import { webhookEventModel, webhookEventsIn } from './data/webhook-events';
import { inTurn } from './http/in-turn';
import { askOrders } from './orders/ask-orders';
import { chargeEventOf } from './payment-view';
import { reconcilePayments } from './reconcile/reconcile-payments';
import { tellRefunds } from './reconcile/tell-refunds';
import { settings } from './settings';
import { workInHand } from './settlement/work-in-hand';
import { readStripeSecret } from './stripe/read-stripe-secret';
import { connectStripe } from './stripe/stripe-payments';

runService(settings, async (context) => {
  const { config, log, metrics, dapr, clock } = context;
  const stripe = connectStripe({
    ...(await readStripeSecret(dapr)),
    apiUrl: config.STRIPE_API_URL,
    timeoutMs: config.STRIPE_TIMEOUT,
  });
  const { models, outbox, sessions, checkReady, close } = await connectRecords(context, {
    database: 'ticketing_payments',
    models: (connection) => ({ payments: paymentModel(connection), webhookEvents: webhookEventModel(connection) }),
    outbox: ({ payments }) => ({ model: payments, topic: 'charges', toEvent: chargeEventOf }),
  });
  const work = workInHand(log);
  const payments = paymentsIn({
    model: models.payments,
    announce: outbox.announce,
    clock,
    reconcileAfterMs: config.RECONCILE_AFTER,
  });
  const deps: Deps = {
    payments,
    webhookEvents: webhookEventsIn(models.webhookEvents, clock, config.RECONCILE_AFTER),
    stripe,
    orders: askOrders(dapr.invoker),
    rules: { maxDeclines: config.PAYMENT_ATTEMPTS },
    work,
    limiter: ownRateLimiter(),
    opening: inTurn(),
    settling: inTurn(),
    sessions,
    clock,
    log,
    metrics,
    appApiToken: config.APP_API_TOKEN,
    eventBatchWaitMs: config.EVENT_BATCH_WAIT,
    trustProxy: config.TRUST_PROXY,
    checkReady,
  };
  const reconcilers = [
    { name: 'payment reconciler', work: (stopping: AbortSignal) => reconcilePayments(deps, stopping) },
    { name: 'refund reconciler', work: (stopping: AbortSignal) => tellRefunds({ ...deps, payments }, stopping) },
  ].map(({ name, work }) => repeat({ name, everyMs: config.RECONCILE_EVERY, work, log }));
  return {
    app: createApp(deps),
    background: [outbox, work, ...reconcilers],
    close,
  };
});
