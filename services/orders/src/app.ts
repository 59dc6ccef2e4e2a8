// All that the orders service does.
import {
  createHttpApp,
  type ETicketKeys,
  type HttpAppOptions,
  type Log,
  type Metrics,
  type NewId,
  type RateLimiter,
  requireCaller,
  type Sessions,
} from '@ticketing/common';
import { type Application, Router } from 'express';
import type { ETickets } from './e-ticket/keep-e-tickets';
import { onChargeCompleted } from './events/on-charge-completed';
import { onChargeFailed } from './events/on-charge-failed';
import { onChargeRefunded } from './events/on-charge-refunded';
import { onOrderExpired } from './events/on-order-expired';
import { abandonOrders } from './http/abandon-orders';
import { answerBeginCapture } from './http/begin-capture';
import { cancelOrder } from './http/cancel-order';
import { createOrder } from './http/create-order';
import { listOrders } from './http/list-orders';
import { showETicket } from './http/show-e-ticket';
import { showInternalOrder } from './http/show-internal-order';
import { showOrder } from './http/show-order';
import type { PlaceOrderDeps } from './place-order';

export interface Deps
  extends PlaceOrderDeps,
    Pick<HttpAppOptions, 'appApiToken' | 'eventBatchWaitMs' | 'trustProxy' | 'checkReady'> {
  sessions: Sessions;
  eTickets: ETickets;
  eTicketKeys: ETicketKeys;
  limiter: RateLimiter;
  /** How a buyer is named on an e-ticket. */
  nameOf: (userId: string) => Promise<string>;
  newId: NewId;
  log: Log;
  metrics: Metrics;
}

export function createApp(deps: Deps): Application {
  const routes = Router();
  routes.post('/orders', deps.sessions.require, createOrder(deps));
  routes.get('/orders', deps.sessions.require, listOrders(deps));
  routes.get('/orders/:id', deps.sessions.require, showOrder(deps));
  routes.get('/orders/:id/ticket', deps.sessions.require, showETicket(deps));
  routes.delete('/orders/:id', deps.sessions.require, cancelOrder(deps));

  const internalRoutes = Router();
  internalRoutes.post('/orders/abandon', requireCaller('tickets'), abandonOrders(deps));
  internalRoutes.get('/orders/:id', requireCaller('payments', 'expiration'), showInternalOrder(deps));
  internalRoutes.post('/orders/:id/begin-capture', requireCaller('payments'), answerBeginCapture(deps));

  return createHttpApp({
    ...deps,
    routes,
    internalRoutes,
    subscriptions: [
      { topic: 'expirations', handlers: onOrderExpired(deps) },
      {
        topic: 'charges',
        handlers: { ...onChargeCompleted(deps), ...onChargeFailed(deps), ...onChargeRefunded(deps) },
      },
    ],
  });
}
