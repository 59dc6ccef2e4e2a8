import type { Service } from '../apps';

/** Which service answers which paths: the same table as the ingress. The first prefix that fits is taken. */
export const routes: readonly { prefix: string; service: Service }[] = [
  { prefix: '/api/users', service: 'auth' },
  { prefix: '/api/tickets', service: 'tickets' },
  { prefix: '/api/orders', service: 'orders' },
  { prefix: '/api/payments', service: 'payments' },
];

/** The service of a normalised path, if it is a public one: `/api/ticketsale` belongs to nobody. */
export const serviceOf = (path: string): Service | undefined =>
  routes.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.service;

/**
 * What is neither an API path nor the gateway's own, when there is a web client. Nor what services ask of each other:
 * programs look for that, and read a problem sooner than a page.
 */
export const isForWeb = (path: string): boolean => path !== '/healthz' && !/^\/(api|internal)(\/|$)/i.test(path);
