import { connectETicketKeys, connectRecords, newId, redisRateLimiter, repeat, runService } from '@ticketing/common';
import { Redis } from 'ioredis';
import { createApp } from './app';
import { announceBy } from './changes';
import { ticketModel } from './data/ticket-model';
import { ticketsIn } from './data/tickets';
import { listeningConnection, listingFeed } from './live/listing-feed';
import { askOrdersToAbandon } from './orders/ask-orders';
import { endSales } from './reconcile/end-sales';
import { reconcileHolds } from './reconcile/reconcile-holds';
import { settings } from './settings';
import { ticketEvent } from './ticket-view';

runService(settings, async (context) => {
  const { config, log, metrics, dapr, clock } = context;
  const eTicketKeys = await connectETicketKeys({ dapr });
  const { models, outbox, sessions, checkReady, close } = await connectRecords(context, {
    database: 'ticketing_tickets',
    models: (connection) => ({ tickets: ticketModel(connection) }),
    outbox: ({ tickets }) => ({ model: tickets, topic: 'tickets', toEvent: ticketEvent }),
  });
  const publisher = new Redis(config.REDIS_URL, { enableAutoPipelining: true });
  const subscriber = listeningConnection(publisher);
  for (const redis of [publisher, subscriber]) redis.on('error', (error) => log.warn({ err: error }, 'Redis'));

  const feed = listingFeed(publisher, subscriber, log);
  const tickets = ticketsIn(models.tickets);
  const announce = announceBy(outbox, feed);
  const abandon = askOrdersToAbandon(dapr.invoker);
  const recheckMs = Math.min(60_000, Math.max(2_000, config.HOLD_WINDOW / 2));
  const reconciler = repeat({
    name: 'hold reconciler',
    everyMs: config.RECONCILE_EVERY,
    work: (stopping) => reconcileHolds({ tickets, announce, abandon, clock, metrics, log, recheckMs, stopping }),
    log,
  });
  const salesEnd = repeat({
    name: 'end of sales',
    everyMs: config.RECONCILE_EVERY,
    work: (stopping) => endSales({ tickets, announce, clock, metrics, stopping }),
    log,
  });

  const app = createApp({
    tickets,
    announce,
    feed,
    sessions,
    eTicketKeys,
    limiter: redisRateLimiter(publisher, 'tickets'),
    clock,
    newId,
    requestBudgetMs: config.REQUEST_BUDGET,
    log,
    metrics,
    appApiToken: config.APP_API_TOKEN,
    eventBatchWaitMs: config.EVENT_BATCH_WAIT,
    trustProxy: config.TRUST_PROXY,
    checkReady,
  });
  return {
    app,
    background: [outbox, feed, reconciler, salesEnd],
    onDrain: () => feed.closeAll(),
    async close() {
      await close();
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
});
