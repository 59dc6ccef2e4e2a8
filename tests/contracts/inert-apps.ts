// Every service's Express app as it is in production, with dependencies that do nothing: enough to see its routes and
// subscriptions.
import { createLog, createMetrics } from '@ticketing/common';
import type { Application } from 'express';
import { createApp as auth } from '../../services/auth/src/app';
import { createApp as expiration } from '../../services/expiration/src/app';
import { createApp as notifications } from '../../services/notifications/src/app';
import { createApp as orders } from '../../services/orders/src/app';
import { createApp as payments } from '../../services/payments/src/app';
import { createApp as tickets } from '../../services/tickets/src/app';

const factories = { auth, tickets, orders, expiration, payments, notifications };

/** Whatever is asked of it, it is a function that answers with itself. */
const inert: never = new Proxy(() => undefined, {
  get: (_target, key) => (typeof key === 'symbol' ? undefined : inert),
  apply: () => inert,
}) as never;

const inertDeps: never = new Proxy(
  { log: createLog('contracts', 'silent'), metrics: createMetrics('contracts') },
  { get: (own, key) => Reflect.get(own, key) ?? inert },
) as never;

export type ServiceName = keyof typeof factories;

export const serviceNames = Object.keys(factories) as ServiceName[];

export const inertApp = (service: ServiceName): Application => factories[service](inertDeps);

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: unknown };
  /** Where it is mounted; `/` for the whole. */
  rawPath: string | string[];
}

/** `GET /api/tickets/:id` and the like. */
export function routesOf(app: Application): string[] {
  return walk((app.router as unknown as { stack: Layer[] }).stack, '');
}

function walk(stack: readonly Layer[], prefix: string): string[] {
  return stack.flatMap(({ route, handle, rawPath }) => {
    if (route) return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${prefix}${route.path}`);
    if (!Array.isArray(handle.stack)) return [];
    return [rawPath].flat().flatMap((path) => walk(handle.stack as Layer[], prefix + path.replace(/\/$/, '')));
  });
}
