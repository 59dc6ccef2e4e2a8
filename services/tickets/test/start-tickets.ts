// The tickets service in this process, on a database of its own and the in-process Dapr.
import { connectETicketKeys, type NewId, newId, type RateLimiter, silentLog } from '@ticketing/common';
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
import { type AnnounceTicket, announceBy } from '../src/changes';
import { type TicketRecord, ticketModel } from '../src/data/ticket-model';
import { type Tickets, ticketsIn } from '../src/data/tickets';
import type { ListingFeed } from '../src/live/listing-feed';
import { askOrdersToAbandon } from '../src/orders/ask-orders';
import { endSales } from '../src/reconcile/end-sales';
import { reconcileHolds } from '../src/reconcile/reconcile-holds';
import { ticketEvent } from '../src/ticket-view';

export const requestBudgetMs = 10_000;
export const recheckMs = 60_000;

export interface StartTicketsOptions extends RecordsOptions {
  /** Stands between the service and its stored tickets. */
  around?: (tickets: Tickets) => Tickets;
  /** Stands between the reconciler and orders. */
  aroundAbandon?: (abandon: Abandon) => Abandon;
  feed?: ListingFeed;
  newId?: NewId;
  limiter?: RateLimiter;
}

export type Abandon = ReturnType<typeof askOrdersToAbandon>;

export interface RunningTickets {
  app: Application;
  dapr: InProcessDapr;
  database: TestDatabase;
  model: Model<TicketRecord>;
  tickets: Tickets;
  announce: AnnounceTicket;
  cookieOf(userId: string): string;
  /** One round of the reconciler; resolves with how many holds it looked at. */
  reconcile(): Promise<number>;
  /** One round of the end of sales; resolves with how many it took off the listing. */
  endSales(): Promise<number>;
  sweep(): Promise<number>;
  /** As if the process were killed: what it has stored is there, what it held in memory is not. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export async function startTickets(options: StartTicketsOptions = {}): Promise<RunningTickets> {
  const { around = (stored) => stored, aroundAbandon = (abandon) => abandon, feed = nobodyWatches } = options;
  const records = await startRecords(
    'tickets',
    { models: ticketModel, outbox: (model) => ({ model, topic: 'tickets', toEvent: ticketEvent }) },
    options,
  );
  const { dapr, own, clock, database, models: model, outbox, metrics, sessions } = records;
  const tickets = around(ticketsIn(model));
  const announce = announceBy(outbox, feed);
  const app = createApp({
    tickets,
    announce,
    feed,
    sessions,
    eTicketKeys: await connectETicketKeys({ dapr: own, env: {} }),
    limiter: options.limiter ?? limiterByClock(clock),
    clock,
    newId: options.newId ?? newId,
    requestBudgetMs,
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
    tickets,
    announce,
    cookieOf: (userId) => sessionCookieOf(userId, clock),
    reconcile: () =>
      reconcileHolds({
        tickets,
        announce,
        abandon: aroundAbandon(askOrdersToAbandon(own.invoker)),
        clock,
        metrics,
        log: silentLog,
        recheckMs,
      }),
    endSales: () => endSales({ tickets, announce, clock, metrics }),
    sweep: outbox.sweep,
    kill: records.kill,
    close: records.close,
  };
}

/** The live feed of a marketplace that nobody looks at. */
export const nobodyWatches: ListingFeed = {
  announce: () => undefined,
  follow: (res) => void res.end(),
  closeAll: () => undefined,
  start: () => undefined,
  stop: async () => undefined,
};

export interface Listed {
  id: string;
  title: string;
  venue: string | null;
  startsAt: string | null;
  price: number;
  version: number;
  orderId: string | null;
  sold: boolean;
}

interface Offer {
  title?: string;
  price?: number;
  venue?: string | undefined;
  startsAt?: string | undefined;
}

/** Lists a ticket by the API. */
export async function listedBy(
  running: RunningTickets,
  seller: string,
  { title = 'Ada and the Engines', price = 4500, ...event }: Offer = {},
): Promise<Listed> {
  const answer = await request(running.app)
    .post('/api/tickets')
    .set('Cookie', running.cookieOf(seller))
    .send({ title, price, ...event });
  if (answer.status !== 201) throw new Error(`could not list a ticket: ${answer.status} ${answer.text}`);
  return answer.body as Listed;
}

/** Asks for a hold, as orders does by its sidecar. */
export const holdBy = (running: RunningTickets, ticketId: string, buyerId: string, orderId: string, price?: number) =>
  running.dapr.of('orders').invoker.invoke({
    app: 'tickets',
    method: 'POST',
    path: `internal/tickets/${ticketId}/hold`,
    body: { orderId, buyerId, ...(price === undefined ? {} : { price }) },
  });

export const releaseBy = (running: RunningTickets, ticketId: string, orderId: string) =>
  running.dapr.of('orders').invoker.invoke({
    app: 'tickets',
    method: 'POST',
    path: `internal/tickets/${ticketId}/release`,
    body: { orderId },
  });

/** The ticket as stored. @throws when it is not there */
export async function storedTicket(running: RunningTickets, id: string): Promise<TicketRecord> {
  const ticket = await running.tickets.find(id);
  if (!ticket) throw new Error(`there is no ticket ${id}`);
  return ticket;
}
