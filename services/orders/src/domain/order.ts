// The life of an order: pure decisions, each the order as it becomes and what is told of it, or a refusal.
// Source of the rules: docs/architecture/purchase-protocol.md.
import type { CancelReason, OrderStatus } from '@ticketing/common';

export interface Order {
  _id: string;
  /** The buyer. */
  userId: string;
  ticketId: string;
  status: OrderStatus;
  /** What was held, at its price then; nothing until the hold is known. */
  held: HeldAs | null;
  expiresAt: Date;
  createdAt: Date;
  captureBegunAt: Date | null;
  cancelReason: CancelReason | null;
  /** When we heard that the money was given back; absent otherwise. */
  refundedAt?: Date | null;
  version: number;
}

export interface HeldAs {
  title: string;
  /** What the ticket is for; absent where the seller did not say. */
  venue?: string;
  startsAt?: Date;
  /** Minor units. */
  price: number;
  sellerId: string;
}

export type OrderEventName = 'OrderCreated' | 'OrderCancelled' | 'OrderCompleted' | 'OrderRefunded';

export type Decision<Refusal extends string = never> =
  | { kind: 'change'; order: Order; event: OrderEventName | null }
  | { kind: 'unchanged'; order: Order }
  | { kind: 'refuse'; reason: Refusal };

/** The hold of an order that waited for it is now known. */
export function confirmHold(order: Order, held: HeldAs, now: Date, windowMs: number): Decision {
  if (order.status !== 'Created') return unchanged(order);
  const expiresAt = new Date(now.getTime() + windowMs);
  return change({ ...order, status: 'AwaitingPayment', held, expiresAt }, 'OrderCreated');
}

export type CancelRefusal = 'BeingCaptured' | 'AlreadyCompleted';

/** The buyer gives up. */
export function cancelByBuyer(order: Order): Decision<CancelRefusal> {
  if (order.status === 'Completed') return refuse('AlreadyCompleted');
  if (order.status === 'Capturing') return refuse('BeingCaptured');
  return cancel(order, 'CancelledByBuyer');
}

/** The window ended, by the clock of orders and no other: a timer that fires early cuts nobody's time short. */
export function expire(order: Order, now: Date): Decision {
  if (order.status !== 'AwaitingPayment' || now < order.expiresAt) return unchanged(order);
  return cancel(order, 'Expired');
}

/** Payments says that no further attempt is accepted. */
export function failPayment(order: Order): Decision {
  return order.status === 'AwaitingPayment' ? cancel(order, 'PaymentFailed') : unchanged(order);
}

/** Nobody knows whether the ticket was held, and nobody asks any more. */
export function giveUpHold(order: Order, now: Date, requestBudgetMs: number): Decision {
  const young = now.getTime() - order.createdAt.getTime() < requestBudgetMs;
  return order.status !== 'Created' || young ? unchanged(order) : cancel(order, 'HoldNotConfirmed');
}

/**
 * May the money be taken? The answer is stored in the order and stays the same however often it is asked:
 * `Capturing` (and then `Completed`) is yes, `Cancelled` is no.
 */
export function beginCapture(order: Order, now: Date): Decision<'HoldNotKnown'> {
  if (order.status === 'Created') return refuse('HoldNotKnown');
  if (order.status !== 'AwaitingPayment') return unchanged(order);
  if (now >= order.expiresAt) return cancel(order, 'Expired');
  return change({ ...order, status: 'Capturing', captureBegunAt: now }, null);
}

/** The money was taken. Only an order that let it be taken can be completed. */
export function complete(order: Order): Decision<'NotCapturing'> {
  if (order.status === 'Completed') return unchanged(order);
  if (order.status !== 'Capturing') return refuse('NotCapturing');
  return change({ ...order, status: 'Completed' }, 'OrderCompleted');
}

/** The money was given back: the order stays completed, its e-ticket is void. Others have none. */
export function refund(order: Order, now: Date): Decision {
  if (order.status !== 'Completed' || order.refundedAt) return unchanged(order);
  return change({ ...order, refundedAt: now }, 'OrderRefunded');
}

/** Stripe's final word on a capture that did not happen: the authorisation is gone, nothing was taken. */
export function loseAuthorisation(order: Order): Decision {
  return order.status === 'Capturing' ? cancel(order, 'AuthorisationLapsed') : unchanged(order);
}

function cancel(order: Order, reason: CancelReason): Decision {
  if (order.status === 'Cancelled') return unchanged(order);
  // An order that was never told of as held has no end to tell of either.
  const event = order.held ? 'OrderCancelled' : null;
  return change({ ...order, status: 'Cancelled', cancelReason: reason }, event);
}

const change = (order: Order, event: OrderEventName | null): Extract<Decision, { kind: 'change' }> => ({
  kind: 'change',
  order: { ...order, version: order.version + 1 },
  event,
});
const unchanged = (order: Order): Extract<Decision, { kind: 'unchanged' }> => ({ kind: 'unchanged', order });
const refuse = <Reason extends string>(reason: Reason): Decision<Reason> => ({ kind: 'refuse', reason });
