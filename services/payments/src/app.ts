// All that the payments service does.
import { createHttpApp, type HttpAppOptions, type RateLimiter, requireCaller, type Sessions } from '@ticketing/common';
import { type Application, Router } from 'express';
import type { Payment } from './domain/payment';
import { onOrderCancelled } from './events/on-order-cancelled';
import { onOrderCompleted } from './events/on-order-completed';
import { answerOutcome } from './http/answer-outcome';
import type { InTurn } from './http/in-turn';
import { listCharges } from './http/list-charges';
import { openPayment } from './http/open-payment';
import { receiveWebhook } from './http/receive-webhook';
import { settlePayment } from './http/settle-payment';
import type { ReconcileDeps } from './reconcile/reconcile-payments';
import type { BegunPayment } from './settlement/begin-payment';
import type { WorkInHand } from './settlement/work-in-hand';

export interface Deps
  extends ReconcileDeps,
    Pick<HttpAppOptions, 'appApiToken' | 'eventBatchWaitMs' | 'trustProxy' | 'checkReady'> {
  work: WorkInHand;
  /** Requests that ask Stripe. */
  limiter: RateLimiter;
  /** One at a time for each order. */
  opening: InTurn<BegunPayment>;
  settling: InTurn<Payment | null>;
  sessions: Sessions;
}

export function createApp(deps: Deps): Application {
  const rawRoutes = Router();
  rawRoutes.post('/payments/webhook', receiveWebhook(deps));

  const routes = Router();
  routes.get('/payments', deps.sessions.require, listCharges(deps));
  routes.post('/payments', deps.sessions.require, openPayment(deps));
  routes.post('/payments/:id/settle', deps.sessions.require, settlePayment(deps));

  const internalRoutes = Router();
  internalRoutes.get('/payments/outcome/:orderId', requireCaller('orders'), answerOutcome(deps));

  return createHttpApp({
    ...deps,
    rawRoutes,
    routes,
    internalRoutes,
    subscriptions: [{ topic: 'orders', handlers: { ...onOrderCancelled(deps), ...onOrderCompleted(deps) } }],
  });
}
