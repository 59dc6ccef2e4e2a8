// The live listing over a real Redis: what changes at one replica is seen by the browsers of all.
import { silentLog } from '@ticketing/common';
import { exampleEvent, virtualClock, waitUntil } from '@ticketing/common/testing';
import { Redis } from 'ioredis';
import request from 'supertest';
import { freePort } from '../../../../tests/setup/free-port';
import { type ListingFeed, listeningConnection, listingFeed } from '../../src/live/listing-feed';
import { holdBy, listedBy, type RunningTickets, releaseBy, startTickets } from '../start-tickets';
import { type ListingStream, openStream } from './open-stream';
import { type RunningRedis, startRedis } from './start-redis';

interface Replica extends RunningTickets {
  feed: ListingFeed;
}

let redis: RunningRedis;
let one: Replica;
let other: Replica;
const connections: Redis[] = [];
const streams: ListingStream[] = [];

beforeAll(async () => {
  redis = await startRedis();
  one = await startReplica();
  other = await startReplica();
});
afterAll(async () => {
  for (const replica of [one, other]) {
    await replica.feed.stop();
    await replica.close();
  }
  for (const connection of connections) connection.disconnect();
  await redis.stop();
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});

async function startReplica(limits: { mostWatchers?: number } = {}): Promise<Replica> {
  const publisher = new Redis(redis.port);
  const subscriber = listeningConnection(publisher);
  connections.push(publisher, subscriber);
  const feed = listingFeed(publisher, subscriber, silentLog, limits);
  const replica = await startTickets({ feed });
  feed.start();
  await waitUntil(() => subscriber.mode === 'subscriber');
  return { ...replica, feed };
}

const held = (id: string) => ({ id, title: 'Ada', sellerId: 'ada' });

async function watch(replica: Replica): Promise<ListingStream> {
  const stream = await openStream(`${replica.dapr.urlOf('tickets')}/api/tickets/stream`);
  streams.push(stream);
  return stream;
}

/** Waits for the change of the ticket; in 2 s, as people are promised. */
const seen = (stream: ListingStream, change: string, id: string) =>
  waitUntil(() => stream.events().find((event) => event.change === change && event.ticket.id === id), {
    timeoutMs: 2_000,
    what: `to see that ${id} was ${change}`,
  });

describe('the stream of listing changes', () => {
  it('is an event stream that proxies neither keep nor change', async () => {
    const { headers } = await watch(one);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
  });

  it('tells within two seconds what is listed, changed, held, released and deleted, at every replica', async () => {
    const watching = [await watch(one), await watch(other)];
    const { id } = await listedBy(one, 'ada', { title: 'Live', price: 100 });
    for (const stream of watching) expect((await seen(stream, 'listed', id)).ticket).toMatchObject({ title: 'Live' });

    const path = `/api/tickets/${id}`;
    await request(one.app).put(path).set('Cookie', one.cookieOf('ada')).send({ title: 'Livelier', price: 200 });
    for (const stream of watching) expect((await seen(stream, 'changed', id)).ticket).toMatchObject({ price: 200 });

    await holdBy(one, id, 'bob', 'order-1');
    for (const stream of watching) await seen(stream, 'removed', id);

    await releaseBy(one, id, 'order-1');
    for (const stream of watching) {
      const back = await waitUntil(() =>
        stream.events().find(({ ticket }) => ticket.id === id && ticket.version === 4),
      );
      expect(back).toMatchObject({ change: 'listed', ticket: { title: 'Livelier', price: 200 } });
    }

    await request(one.app).delete(path).set('Cookie', one.cookieOf('ada'));
    for (const stream of watching) {
      await waitUntil(
        () => stream.events().at(-1)?.change === 'removed' && stream.events().at(-1)?.ticket.version === 5,
      );
    }
  });

  it('tells that a ticket is back when its order is cancelled, and gone when it is completed', async () => {
    const stream = await watch(one);
    const { id } = await listedBy(one, 'ada');
    const changes = () => stream.events().flatMap(({ change, ticket }) => (ticket.id === id ? [change] : []));
    const tell = async (name: 'OrderCancelled' | 'OrderCompleted', orderId: string) => {
      await one.dapr.of('orders').events.publish('orders', [exampleEvent(name, { id: orderId, ticket: held(id) })]);
      await one.dapr.settle();
    };
    await holdBy(one, id, 'bob', 'order-1');
    await tell('OrderCancelled', 'order-1');
    await holdBy(one, id, 'bob', 'order-2');
    await tell('OrderCompleted', 'order-2');
    await waitUntil(() => changes().length === 5);
    expect(changes()).toEqual(['listed', 'removed', 'listed', 'removed', 'removed']);
  });

  it('has no ids to go on from: who was away loads the listing again', async () => {
    const stream = await watch(one);
    const { id } = await listedBy(one, 'ada');
    await seen(stream, 'listed', id);
    expect(stream.text()).not.toMatch(/^id:/m);
  });

  it('tells nobody who buys', async () => {
    const stream = await watch(one);
    const { id } = await listedBy(one, 'ada');
    await holdBy(one, id, 'secret-buyer', 'order-1');
    await seen(stream, 'removed', id);
    expect(stream.text()).not.toContain('secret-buyer');
  });

  it('goes on for others when one browser leaves', async () => {
    const leaving = await watch(one);
    const staying = await watch(one);
    leaving.close();
    const { id } = await listedBy(one, 'ada');
    await seen(staying, 'listed', id);
  });

  it('ends for all when the service drains', async () => {
    const replica = await startReplica();
    const watching = [await watch(replica), await watch(replica)];
    replica.feed.closeAll();
    for (const stream of watching) await stream.ended;
    await replica.feed.stop();
    await replica.close();
  });

  it('tells many changes in one message, and those that still wait when the service stops', async () => {
    const publisher = new Redis(redis.port);
    connections.push(publisher);
    const published = jest.spyOn(publisher, 'publish');
    const feed = listingFeed(publisher, publisher.duplicate({ lazyConnect: true }), silentLog, { lingerMs: 60_000 });
    const stream = await watch(one);
    const replica = await startTickets({ feed });
    const ids = [await listedBy(replica, 'ada'), await listedBy(replica, 'ada')].map(({ id }) => id);
    expect(published).not.toHaveBeenCalled();
    await feed.stop();
    expect(published).toHaveBeenCalledTimes(1);
    for (const id of ids) await seen(stream, 'listed', id);
    await replica.close();
  });

  it('lets changes be made while Redis does not answer', async () => {
    const unreachable = new Redis({ port: 1, lazyConnect: true, retryStrategy: null, enableOfflineQueue: false });
    unreachable.on('error', () => undefined);
    const replica = await startTickets({ feed: listingFeed(unreachable, unreachable.duplicate(), silentLog) });
    expect((await listedBy(replica, 'ada')).version).toBe(1);
    await replica.close();
  });
});

describe('when Redis is away at the start, for longer than twenty tries', () => {
  it('then changes are told as soon as it is there', async () => {
    const port = await freePort();
    const publisher = new Redis({ port, retryStrategy: () => 1, lazyConnect: true });
    const subscriber = listeningConnection(publisher);
    let tries = 0;
    subscriber.on('reconnecting', () => {
      tries += 1;
    });
    for (const connection of [publisher, subscriber]) connection.on('error', () => undefined);
    connections.push(publisher, subscriber);
    const feed = listingFeed(publisher, subscriber, silentLog);
    feed.start();
    const replica = await startTickets({ feed });
    await waitUntil(() => tries > 40, { what: 'many tries' });

    const late = await startRedis(port);
    await waitUntil(() => subscriber.mode === 'subscriber', { timeoutMs: 20_000, what: 'to be subscribed' });
    const stream = await openStream(`${replica.dapr.urlOf('tickets')}/api/tickets/stream`);
    streams.push(stream);
    const { id } = await listedBy(replica, 'ada');
    await seen(stream, 'listed', id);

    await feed.stop();
    await replica.close();
    publisher.disconnect();
    subscriber.disconnect();
    await late.stop();
  });
});

describe('watchers', () => {
  it('are so many and no more; the next may come when one has left', async () => {
    const replica = await startReplica({ mostWatchers: 2 });
    const [first] = [await watch(replica), await watch(replica)];
    const url = replica.dapr.urlOf('tickets');

    const refused = await request(url).get('/api/tickets/stream');
    expect(refused.status).toBe(503);
    expect(refused.type).toBe('application/problem+json');
    expect(refused.body.type).toBe('/problems/TooManyWatchers');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await request(url).get('/api/tickets')).status).toBe(200);

    first?.close();
    await waitUntil(async () => (await fetch(`${url}/api/tickets/stream`, { method: 'HEAD' })).status === 200);
    await watch(replica);
    await replica.feed.stop();
    await replica.close();
  });

  it('who take less than they are sent are let go of before they fill the memory', async () => {
    const [publisher, subscriber] = connections;
    if (!publisher || !subscriber) throw new Error('there is no Redis');
    const left: string[] = [];
    const response = (name: string, writableLength: number) => ({
      req: { method: 'GET' },
      writableLength,
      writeHead: () => undefined,
      write: () => true,
      end: () => undefined,
      on: () => undefined,
      destroy: () => left.push(name),
    });
    const feed = listingFeed(publisher, subscriber, silentLog);
    feed.start();
    feed.follow(response('awake', 60_000) as never);
    feed.follow(response('asleep', 70_000) as never);
    await publisher.publish('tickets:listing', '[]');
    await waitUntil(() => left.length > 0);
    expect(left).toEqual(['asleep']);
    await feed.stop();
  });
});

describe('a stream', () => {
  it('ends after its headers for who asks for those only', async () => {
    const answer = await request(one.dapr.urlOf('tickets')).head('/api/tickets/stream');
    expect([answer.status, answer.type]).toEqual([200, 'text/event-stream']);
  });
});

describe('the heartbeat', () => {
  it('comes every fifteen seconds, so that proxies do not close a silent stream', async () => {
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'],
      now: virtualClock().now(),
    });
    try {
      const written: string[] = [];
      const response = {
        req: { method: 'GET' },
        writableLength: 0,
        writeHead: () => undefined,
        write: (text: string) => written.push(text),
        end: () => undefined,
        on: () => undefined,
      };
      const [publisher, subscriber] = connections;
      if (!publisher || !subscriber) throw new Error('there is no Redis');
      const feed = listingFeed(publisher, subscriber, silentLog);
      feed.start();
      feed.follow(response as never);
      jest.advanceTimersByTime(45_000);
      await feed.stop();
      jest.advanceTimersByTime(45_000);
      expect(written.filter((text) => text === ': heartbeat\n\n')).toHaveLength(3);
    } finally {
      jest.useRealTimers();
    }
  });
});
