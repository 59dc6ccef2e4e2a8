// The orders service in this process, on a database of its own and the in-process Dapr. Beside it a stand-in for tickets
// that keeps its holds in memory; with the real one, the purchase is tested in tests/purchase.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  connectETicketKeys,
  type NewId,
  newId,
  type OrderStatus,
  type PaymentOutcome,
  silentLog,
} from '@ticketing/common';
import {
  type InProcessDapr,
  limiterByClock,
  type RecordsOptions,
  sessionCookieOf,
  startRecords,
  type TestDatabase,
} from '@ticketing/common/testing';
import type { Application } from 'express';
import type { Model } from 'mongoose';
import request from 'supertest';
import { createApp } from '../src/app';
import { nameBuyer } from '../src/auth/ask-auth';
import { type OrderRecord, orderModel } from '../src/data/order-model';
import { type Orders, ordersIn } from '../src/data/orders';
import { drawETickets } from '../src/e-ticket/draw-e-tickets';
import { type ETickets, keepETickets } from '../src/e-ticket/keep-e-tickets';
import { orderEvent } from '../src/order-view';
import { askPayments } from '../src/payments/ask-payments';
import type { PlaceOrderDeps } from '../src/place-order';
import { reconcileOrders, settleCaptures, tellVoid } from '../src/reconcile/reconcile-orders';
import { askTickets, type TicketHolds, tellTickets } from '../src/tickets/ask-tickets';

export const windowMs = 15 * 60_000;
export const requestBudgetMs = 10_000;
export const overdueMs = 5_000;
export const capturingMs = 20_000;
export const voidTellMs = 20_000;

export interface StartOrdersOptions extends RecordsOptions {
  /** Stands between the service and its stored orders. */
  around?: (orders: Orders) => Orders;
  /** Stands between the service and tickets. */
  aroundHolds?: (holds: TicketHolds) => TicketHolds;
  /** What payments says; else payments is asked. */
  paymentOutcome?: (orderId: string) => Promise<PaymentOutcome>;
  newId?: NewId;
  /** Before which the invocation of tickets is given up. */
  holdTimeoutMs?: number;
  /** Else they are drawn in a thread, as in main.ts. */
  eTickets?: ETickets;
}

export interface RunningOrders {
  app: Application;
  dapr: InProcessDapr;
  database: TestDatabase;
  model: Model<OrderRecord>;
  orders: Orders;
  /** What `placeOrder` works with. */
  placing: PlaceOrderDeps;
  cookieOf(userId: string): string;
  reconcile(): Promise<void>;
  sweep(): Promise<number>;
  /** As if the process were killed: what it has stored is there, what it held in memory is not. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export async function startOrders(options: StartOrdersOptions = {}): Promise<RunningOrders> {
  const { around = (stored) => stored, aroundHolds = (holds) => holds } = options;
  const records = await startRecords(
    'orders',
    { models: orderModel, outbox: (model) => ({ model, topic: 'orders', toEvent: orderEvent }) },
    options,
  );
  const { dapr, own, clock, database, models: model, outbox, metrics, sessions } = records;
  const orders = around(ordersIn(model));
  const { announce } = outbox;
  const holds = aroundHolds(askTickets(own.invoker, options.holdTimeoutMs ?? requestBudgetMs / 2));
  const drawing = drawETickets({ startThread });
  const app = createApp({
    orders,
    holds,
    announce,
    sessions,
    eTickets: options.eTickets ?? keepETickets(drawing.draw),
    limiter: limiterByClock(clock),
    eTicketKeys: await connectETicketKeys({ dapr: own, env: {} }),
    nameOf: nameBuyer(own.invoker),
    clock,
    newId: options.newId ?? newId,
    windowMs,
    log: silentLog,
    metrics,
    appApiToken: dapr.appToken,
  });
  await records.register(app);
  return {
    app,
    dapr,
    database,
    model,
    orders,
    placing: { orders, holds, announce, clock, windowMs },
    cookieOf: (userId) => sessionCookieOf(userId, clock),
    async reconcile() {
      const reconcile = {
        orders,
        announce,
        holds,
        voidETicket: tellTickets(own.invoker),
        paymentOutcome: options.paymentOutcome ?? askPayments(own.invoker),
        clock,
        log: silentLog,
        metrics,
        requestBudgetMs,
        overdueMs,
        capturingMs,
        voidTellMs,
      };
      await reconcileOrders(reconcile);
      await settleCaptures(reconcile);
      await tellVoid(reconcile);
    },
    sweep: outbox.sweep,
    kill: records.kill,
    async close() {
      await drawing.stop();
      await records.close();
    },
  };
}

/** As in main.ts, from the source: a thread compiles for itself. */
export const startThread = () => {
  const file = join(__dirname, '../src/e-ticket/draw-in-thread.ts');
  return new Worker(`require('tsx/cjs'); require(${JSON.stringify(file)});`, { eval: true });
};

export interface Placed {
  id: string;
  ticketId: string;
  status: string;
  expiresAt: string;
  price: number | null;
}

/** Asks for an order by the API. */
export const post = (running: RunningOrders, buyer: string, body: object, key?: string) => {
  const asking = request(running.app).post('/api/orders').set('Cookie', running.cookieOf(buyer));
  return (key === undefined ? asking : asking.set('Idempotency-Key', key)).send(body);
};

/** The order of somebody who has got the ticket. */
export async function placedBy(running: RunningOrders, buyer: string, ticketId: string, key?: string): Promise<Placed> {
  const answer = await post(running, buyer, { ticketId }, key);
  if (answer.status !== 201) throw new Error(`could not place an order: ${answer.status} ${answer.text}`);
  return answer.body as Placed;
}

/** The order as stored. @throws when it is not there */
export async function storedOrder(running: RunningOrders, id: string): Promise<OrderRecord> {
  const order = await running.orders.find(id);
  if (!order) throw new Error(`there is no order ${id}`);
  return order;
}

export const beginCaptureOf = (running: RunningOrders, id: string, caller = 'payments') =>
  running.dapr
    .of(caller)
    .invoker.invoke({ app: 'orders', method: 'POST', path: `internal/orders/${id}/begin-capture` });

export const abandon = async (
  running: RunningOrders,
  holds: { orderId: string; ticketId: string; buyerId: string }[],
): Promise<{ id: string; status: OrderStatus }[]> => {
  const answer = await running.dapr
    .of('tickets')
    .invoker.invoke({ app: 'orders', method: 'POST', path: 'internal/orders/abandon', body: { holds } });
  return (answer.body as { orders: { id: string; status: OrderStatus }[] }).orders;
};
