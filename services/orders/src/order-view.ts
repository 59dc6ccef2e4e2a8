import {
  type CloudEvent,
  currency,
  definitionOf,
  type EventData,
  type InternalOrder,
  makeEvent,
  type OutboxEntry,
  type PublicOrderStatus,
  publicOrderStatus,
} from '@ticketing/common';
import type { OrderRecord } from './data/order-model';
import type { Order } from './domain/order';

/** An order as its buyer sees it. */
export interface OrderView {
  id: string;
  userId: string;
  ticketId: string;
  /** Null until the hold is known. */
  ticket: { id: string; title: string; venue: string | null; startsAt: string | null } | null;
  status: PublicOrderStatus;
  cancelReason: string | null;
  expiresAt: string;
  /** As held, in minor units; null until the hold is known. */
  price: number | null;
  currency: typeof currency;
  createdAt: string;
  /** When the money was given back; its e-ticket is void since. */
  refundedAt: string | null;
  version: number;
}

export const orderView = (order: Order): OrderView => ({
  id: order._id,
  userId: order.userId,
  ticketId: order.ticketId,
  ticket: order.held && {
    id: order.ticketId,
    title: order.held.title,
    venue: order.held.venue ?? null,
    startsAt: order.held.startsAt?.toISOString() ?? null,
  },
  status: publicOrderStatus(order.status),
  cancelReason: order.cancelReason,
  expiresAt: order.expiresAt.toISOString(),
  price: order.held?.price ?? null,
  currency,
  createdAt: order.createdAt.toISOString(),
  refundedAt: order.refundedAt?.toISOString() ?? null,
  version: order.version,
});

/** An order as other services may ask for it. */
export const internalOrderView = (order: Order): InternalOrder => ({
  id: order._id,
  userId: order.userId,
  status: order.status,
  expiresAt: order.expiresAt.toISOString(),
  price: order.held?.price ?? null,
  currency,
  ticket: order.held && { id: order.ticketId, title: order.held.title, sellerId: order.held.sellerId },
  ...(order.refundedAt ? { refundedAt: order.refundedAt.toISOString() } : {}),
});

/** @throws Error for an order whose hold is not known: nothing is told of those */
export function orderEventData(
  order: Order,
): EventData<'OrderCreated'> | EventData<'OrderCancelled'> | EventData<'OrderRefunded'> {
  if (!order.held) throw new Error(`order ${order._id} was never held`);
  const { title, venue, startsAt, sellerId } = order.held;
  return {
    id: order._id,
    userId: order.userId,
    status: publicOrderStatus(order.status),
    expiresAt: order.expiresAt.toISOString(),
    price: order.held.price,
    currency,
    ticket: {
      id: order.ticketId,
      title,
      sellerId,
      ...(venue ? { venue } : {}),
      ...(startsAt ? { startsAt: startsAt.toISOString() } : {}),
    },
    version: order.version,
    ...(order.cancelReason ? { reason: order.cancelReason } : {}),
    ...(order.refundedAt ? { refundedAt: order.refundedAt.toISOString() } : {}),
  };
}

/** The event of an outbox entry; its data were stored with the change. @throws Error for an unknown type */
export function orderEvent(order: OrderRecord, entry: OutboxEntry): CloudEvent {
  const id = `${order._id}:${entry.id}:${entry.type}`;
  return makeEvent(
    definitionOf(entry.type),
    { id, subject: order._id, time: entry.at, traceparent: entry.traceparent },
    entry.data,
  );
}
