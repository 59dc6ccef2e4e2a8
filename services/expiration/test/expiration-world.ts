// The expiration service in the in-process Dapr, with an orders beside it that is as simple as can be: it cancels what
// is past its deadline by its own clock, as the real one does.
import {
  createHttpApp,
  createMetrics,
  OrderExpired,
  type OrderStatus,
  onEvent,
  Problem,
  publicOrderStatus,
  silentLog,
} from '@ticketing/common';
import { exampleEvent, type InProcessDapr, inProcessDapr } from '@ticketing/common/testing';
import { Router } from 'express';
import { type OrderExpiryDeps, orderExpiry } from '../src/actors/order-expiry';
import { createApp } from '../src/app';
import { actorType, orderWatches } from '../src/order-watches';
import { askOrders } from '../src/orders/ask-orders';

export interface KnownOrder {
  status: OrderStatus;
  expiresAt: Date;
}

export interface ExpirationWorld {
  dapr: InProcessDapr;
  orders: Map<string, KnownOrder>;
  /** Inserts the order and publishes `OrderCreated`. */
  place(orderId: string, holdMs: number): Promise<void>;
  /** The order ends, as the buyer's payment or cancel would end it, and it is published. */
  end(orderId: string, status: 'Completed' | 'Cancelled'): Promise<void>;
  /** What was published on `expirations` for the order. */
  expiredEvents(orderId: string): { id: string; at: Date }[];
  /** Whether the actor left anything behind: state or a reminder. */
  isGone(orderId: string): boolean;
}

export const periodMs = 5_000;

/** @param change what a test replaces in the actor's surroundings: the fault that its rule forbids */
export async function expirationWorld(
  seed: number,
  change: (deps: OrderExpiryDeps) => OrderExpiryDeps = (deps) => deps,
): Promise<ExpirationWorld> {
  const dapr = inProcessDapr({ seed });
  const orders = new Map<string, KnownOrder>();
  const publishedAt = new Map<string, Date>();

  const publishOrder = async (name: 'OrderCreated' | 'OrderCancelled' | 'OrderCompleted', orderId: string) => {
    const order = orders.get(orderId);
    if (!order) throw new Error(`there is no order ${orderId}`);
    const data = { id: orderId, status: publicOrderStatus(order.status), expiresAt: order.expiresAt.toISOString() };
    const event = exampleEvent(name, data, { id: `${orderId}:${name}` });
    // As an outbox does: until the broker has it.
    for (let taken = false; !taken; )
      taken = await dapr
        .of('orders')
        .events.publish('orders', [event])
        .then(
          () => true,
          () => false,
        );
  };

  const internalRoutes = Router().get('/orders/:id', (req, res) => {
    const order = orders.get(req.params.id);
    if (!order) throw new Problem(404, 'UnknownOrder', 'There is no such order.');
    res.json({
      id: req.params.id,
      userId: 'buyer',
      status: order.status,
      expiresAt: order.expiresAt.toISOString(),
      price: 4500,
      currency: 'usd',
      ticket: { id: 'ticket', title: 'Ada and the Engines', sellerId: 'seller' },
    });
  });
  const cancelExpired = onEvent(OrderExpired, async ({ orderId }) => {
    const order = orders.get(orderId);
    if (order?.status !== 'AwaitingPayment' || dapr.clock.now() < order.expiresAt) return;
    order.status = 'Cancelled';
    await publishOrder('OrderCancelled', orderId);
  });
  await dapr.register(
    'orders',
    createHttpApp({
      log: silentLog,
      metrics: createMetrics('orders'),
      appApiToken: dapr.appToken,
      internalRoutes,
      subscriptions: [{ topic: 'expirations', handlers: cancelExpired }],
    }),
  );

  const own = dapr.of('expiration');
  let count = 0;
  const definition = orderExpiry(
    change({
      events: {
        async publish(topic, events) {
          for (const { id } of events) publishedAt.set(id, dapr.clock.now());
          await own.events.publish(topic, events);
        },
      },
      orderStatus: askOrders(own.invoker),
      clock: dapr.clock,
      newId: () => `firing-${count++}`,
      periodMs,
    }),
  );
  const app = createApp({
    watches: orderWatches(own.actors),
    log: silentLog,
    metrics: createMetrics('expiration'),
    appApiToken: dapr.appToken,
  });
  await dapr.register('expiration', app, { actors: [definition] });

  return {
    dapr,
    orders,
    async place(orderId, holdMs) {
      const expiresAt = new Date(dapr.clock.now().getTime() + holdMs);
      orders.set(orderId, { status: 'AwaitingPayment', expiresAt });
      await publishOrder('OrderCreated', orderId);
    },
    async end(orderId, status) {
      const order = orders.get(orderId);
      if (!order) throw new Error(`there is no order ${orderId}`);
      order.status = status;
      await publishOrder(status === 'Completed' ? 'OrderCompleted' : 'OrderCancelled', orderId);
    },
    expiredEvents: (orderId) =>
      [...publishedAt].filter(([id]) => id.startsWith(`${orderId}:`)).map(([id, at]) => ({ id, at })),
    isGone: (orderId) =>
      dapr.actorState(actorType, orderId) === undefined && dapr.reminders.every(({ id }) => id !== orderId),
  };
}
