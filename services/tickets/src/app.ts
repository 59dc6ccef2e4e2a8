// All that the tickets service does.
import {
  type Clock,
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
import type { AnnounceTicket } from './changes';
import type { Tickets } from './data/tickets';
import { onOrderCancelled } from './events/on-order-cancelled';
import { onOrderCompleted } from './events/on-order-completed';
import { onOrderRefunded } from './events/on-order-refunded';
import { createTicket } from './http/create-ticket';
import { deleteTicket } from './http/delete-ticket';
import { holdTicket } from './http/hold-ticket';
import { listOwnTickets } from './http/list-own-tickets';
import { listTickets } from './http/list-tickets';
import { releaseTicket } from './http/release-ticket';
import { showTicket } from './http/show-ticket';
import { updateTicket } from './http/update-ticket';
import { verifyETicket } from './http/verify-e-ticket';
import { voidTicket } from './http/void-ticket';
import type { ListingFeed } from './live/listing-feed';

export interface Deps extends Pick<HttpAppOptions, 'appApiToken' | 'eventBatchWaitMs' | 'trustProxy' | 'checkReady'> {
  tickets: Tickets;
  announce: AnnounceTicket;
  feed: ListingFeed;
  sessions: Sessions;
  eTicketKeys: Pick<ETicketKeys, 'keys'>;
  limiter: RateLimiter;
  clock: Clock;
  newId: NewId;
  requestBudgetMs: number;
  log: Log;
  metrics: Metrics;
}

export function createApp(deps: Deps): Application {
  const routes = Router();
  routes.get('/tickets', listTickets(deps));
  routes.get('/tickets/stream', (_req, res) => deps.feed.follow(res));
  routes.get('/tickets/mine', deps.sessions.require, listOwnTickets(deps));
  routes.get('/tickets/:id', showTicket(deps));
  routes.post('/tickets', deps.sessions.require, createTicket(deps));
  routes.post('/tickets/verify', deps.sessions.require, verifyETicket(deps));
  routes.put('/tickets/:id', deps.sessions.require, updateTicket(deps));
  routes.delete('/tickets/:id', deps.sessions.require, deleteTicket(deps));

  const internalRoutes = Router();
  internalRoutes.post('/tickets/:id/hold', requireCaller('orders'), holdTicket(deps));
  internalRoutes.post('/tickets/:id/release', requireCaller('orders'), releaseTicket(deps));
  internalRoutes.post('/tickets/:id/void', requireCaller('orders'), voidTicket(deps));

  return createHttpApp({
    ...deps,
    routes,
    internalRoutes,
    subscriptions: [
      {
        topic: 'orders',
        handlers: { ...onOrderCancelled(deps), ...onOrderCompleted(deps), ...onOrderRefunded(deps) },
      },
    ],
  });
}
