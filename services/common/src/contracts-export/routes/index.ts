import type { HttpRoute } from '../http-route';
import { orderRoutes } from './orders';
import { paymentRoutes } from './payments';
import { ticketRoutes } from './tickets';
import { userRoutes } from './users';

/** The whole public HTTP API. */
export const httpRoutes: readonly HttpRoute[] = [...userRoutes, ...ticketRoutes, ...orderRoutes, ...paymentRoutes];
