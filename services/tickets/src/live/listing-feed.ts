// The live listing: each change goes through Redis to every replica, and from there to the browsers that look at it.
import { type BackgroundWork, type Log, Problem } from '@ticketing/common';
import type { Response } from 'express';
import type { Redis } from 'ioredis';
import type { TicketRecord } from '../data/ticket-model';
import { type TicketView, ticketView } from '../ticket-view';

const channel = 'tickets:listing';
/** Proxies close what is silent for a minute; browsers notice a dead stream by a missing heartbeat. */
const heartbeatMs = 15_000;
/** A visitor who takes this much less than they are sent has gone to sleep; they get the list anew when they reconnect. */
const maxBufferedBytes = 64 * 1024;
/** Anybody may watch, signed in or not: beyond this a replica has memory and sockets for purchases only. */
const mostWatchersByDefault = 2_000;
/** By then others have left, or another replica has been started. */
const retryAfterSeconds = 15;

export interface ListingFeed extends BackgroundWork {
  /** Tells everybody who watches. Best effort: the listing itself is the truth. */
  announce(ticket: TicketRecord, change: ListingChange['change']): void;
  /**
   * Turns the response into an event stream that lives until either side closes it.
   * @throws Problem 503 when as many watch as this replica serves
   */
  follow(res: Response): void;
  /** Ends all streams, so that a drain need not wait for them; browsers reconnect to another replica. */
  closeAll(): void;
}

/** How long a change waits for company: one message tells of many, and no purchase waits for Redis. */
const defaultLingerMs = 50;

export interface ListingChange {
  /** `listed`: for sale now, first or again. `changed`: still for sale. `removed`: held, sold, deleted or begun. */
  change: 'listed' | 'changed' | 'removed';
  ticket: TicketView;
}

/** The connection that listens. It never gives up: what it is told once (subscribe) holds whenever Redis comes back. */
export const listeningConnection = (publisher: Redis): Redis =>
  publisher.duplicate({ maxRetriesPerRequest: null, enableAutoPipelining: false });

const tooManyWatchers = () =>
  new Problem(503, 'TooManyWatchers', 'Many people watch the listing now. Load it again by hand for a while.', {
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });

export function listingFeed(
  publisher: Redis,
  subscriber: Redis,
  log: Log,
  { lingerMs = defaultLingerMs, mostWatchers = mostWatchersByDefault } = {},
): ListingFeed {
  const watchers = new Set<Response>();
  let heartbeat: NodeJS.Timeout | undefined;
  let waiting: ListingChange[] = [];
  let lingering: NodeJS.Timeout | undefined;

  const publish = async () => {
    clearTimeout(lingering);
    lingering = undefined;
    const changes = waiting;
    waiting = [];
    if (changes.length === 0) return;
    try {
      await publisher.publish(channel, JSON.stringify(changes));
    } catch (error) {
      log.warn({ err: error, changes: changes.length }, 'could not tell of listing changes');
    }
  };

  const send = (text: string) => {
    for (const watcher of watchers) {
      if (watcher.writableLength > maxBufferedBytes) watcher.destroy();
      else watcher.write(text);
    }
  };

  return {
    announce(ticket, change) {
      waiting.push({ change, ticket: ticketView(ticket) });
      lingering ??= setTimeout(publish, lingerMs);
    },
    follow(res) {
      if (watchers.size >= mostWatchers) throw tooManyWatchers();
      res.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      });
      // Who asks for the headers only would wait for the end for ever.
      if (res.req.method === 'HEAD') return void res.end();
      res.write('retry: 2000\n\n');
      watchers.add(res);
      res.on('close', () => watchers.delete(res));
    },
    start() {
      subscriber.on('message', (_channel, message: string) => {
        const changes = JSON.parse(message) as ListingChange[];
        send(changes.map((change) => `event: listing\ndata: ${JSON.stringify(change)}\n\n`).join(''));
      });
      subscriber
        .subscribe(channel)
        .catch((error: unknown) => log.error({ err: error }, 'could not subscribe to listing changes'));
      heartbeat = setInterval(() => send(': heartbeat\n\n'), heartbeatMs);
    },
    async stop() {
      clearInterval(heartbeat);
      await publish();
      this.closeAll();
    },
    closeAll() {
      for (const watcher of watchers) watcher.end();
      watchers.clear();
    },
  };
}
