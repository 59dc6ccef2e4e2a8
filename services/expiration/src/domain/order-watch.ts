// What the watch over an order's deadline does when its reminder fires: a pure decision.
import type { OrderStatus } from '@ticketing/common';

export interface Watch {
  /** RFC 3339: when the hold ends. */
  expiresAt: string;
  /** How often `OrderExpired` was published. */
  firings: number;
}

export type FiringStep =
  /** Not due yet: wait for the next firing. */
  | 'wait'
  /** Tell orders that the window has ended. */
  | 'publish'
  /** It was told before, and the reminder is still here: see what orders says before telling again. */
  | 'ask';

export function onFiring(watch: Watch, now: Date): FiringStep {
  if (now < new Date(watch.expiresAt)) return 'wait';
  return watch.firings === 0 ? 'publish' : 'ask';
}

/** Only an order that has ended, or that nobody knows, needs no watch. */
export const isOver = (status: OrderStatus | 'unknown'): boolean =>
  status === 'Completed' || status === 'Cancelled' || status === 'unknown';
