// What a purchase and a look at the listing cost before they are answered: every command to MongoDB, every call to the
// sidecars and every command to Redis is counted. Allowed beside what is said here: the look-up of the session
// (`state.getMany sessions/…`). None of these routes has a rate limit.
import { silentLog, sortOrders } from '@ticketing/common';
import { type CommandCounter, commandCounter } from '@ticketing/common/testing';
import { Redis } from 'ioredis';
import type { Connection, Schema } from 'mongoose';
import { type ListingFeed, listingFeed } from '../../services/tickets/src/live/listing-feed';
import { type RunningRedis, startRedis } from '../../services/tickets/test/live/start-redis';
import { type DeclaredIndex, declaredIndexes, servedBy } from './index-shape';
import { type Answer, type Marketplace, startMarketplace } from './marketplace';

/** Longer than the test: what goes on after the answer (outbox, live listing) is not to be mistaken for its cost. */
const lingerMs = 600_000;

let redisServer: RunningRedis;
let redis: Redis;
let redisCommands: string[];
let market: Marketplace;
let feed: ListingFeed;
let mongo: Record<'tickets' | 'orders', CommandCounter>;

beforeAll(async () => {
  redisServer = await startRedis();
  redis = new Redis(redisServer.port);
  await redis.ping();
  redisCommands = [];
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    redisCommands.push(command.name);
    return send(command, stream);
  };
  feed = listingFeed(redis, redis, silentLog, { lingerMs });
  market = await startMarketplace({ tickets: { feed, lingerMs }, orders: { lingerMs } });
  mongo = {
    tickets: commandCounter(market.tickets.database.connection),
    orders: commandCounter(market.orders.database.connection),
  };
});
afterAll(async () => {
  await market.close();
  await feed.stop();
  redis.disconnect();
  await redisServer.stop();
});

interface Cost {
  answer: Answer;
  tickets: string[];
  orders: string[];
  dapr: string[];
  redis: string[];
}

async function costOf(ask: () => Promise<Answer>): Promise<Cost> {
  await market.dapr.settle();
  mongo.tickets.reset();
  mongo.orders.reset();
  market.dapr.calls.length = 0;
  redisCommands.length = 0;
  const answer = await ask();
  return {
    answer,
    tickets: mongo.tickets.commands.map(({ name }) => name),
    orders: mongo.orders.commands.map(({ name }) => name),
    dapr: market.dapr.calls.map(({ app, kind, target }) => `${app}: ${kind} ${target.split('/')[0]}`),
    redis: [...redisCommands],
  };
}

const session = (app: string) => `${app}: state.getMany sessions`;
const invocation = 'orders: invoke POST tickets';
const buy =
  (user: string, ticketId: string, body: object = {}, key?: string) =>
  () =>
    market.ask('orders', 'POST', '/api/orders', { user, body: { ticketId, ...body }, key });
const stored = async () =>
  JSON.stringify([
    await market.tickets.model.find().sort({ _id: 1 }).lean(),
    await market.orders.model.find().sort({ _id: 1 }).lean(),
  ]);

describe('before its answer', () => {
  it('a purchase costs one invocation, one compare-and-set and one insert', async () => {
    const ticketId = await market.list('ada');
    const { answer, ...cost } = await costOf(buy('bob', ticketId));
    expect(answer.status).toBe(201);
    expect(cost).toEqual({
      tickets: ['findAndModify'],
      orders: ['insert'],
      dapr: [session('orders'), invocation],
      redis: [],
    });
  });

  it('a refused purchase writes nothing: taken, own, gone, or at another price', async () => {
    const taken = await market.list('ada');
    await market.buy('eve', taken);
    const free = await market.list('ada', { price: 5000 });
    const refusals: [number, () => Promise<Answer>][] = [
      [409, buy('bob', taken)],
      [409, buy('bob', free, { price: 4000 })],
      [403, buy('ada', free)],
      [404, buy('bob', '0'.repeat(24))],
    ];
    for (const [status, ask] of refusals) {
      await market.dapr.settle();
      const before = await stored();
      const { answer, ...cost } = await costOf(ask);
      expect(answer.status).toBe(status);
      // The compare-and-set finds nothing to change; the look behind it finds out why.
      expect(cost).toEqual({
        tickets: ['findAndModify', 'find'],
        orders: [],
        dapr: [session('orders'), invocation],
        redis: [],
      });
      await market.dapr.settle();
      expect(await stored()).toBe(before);
    }
  });

  it('a purchase that is refused for its form costs nothing but the look at the session', async () => {
    const { answer, ...cost } = await costOf(buy('bob', 'not an id'));
    expect(answer.status).toBe(400);
    expect(cost).toEqual({ tickets: [], orders: [], dapr: [session('orders')], redis: [] });
  });

  it('a buyer who has the order already is answered without a write', async () => {
    const ticketId = await market.list('ada');
    await market.buy('bob', ticketId);
    await market.dapr.settle();
    const before = await stored();
    const { answer, ...cost } = await costOf(buy('bob', ticketId));
    expect(answer.status).toBe(200);
    expect(cost).toEqual({
      tickets: ['findAndModify', 'find'],
      orders: ['find'],
      dapr: [session('orders'), invocation],
      redis: [],
    });
    expect(await stored()).toBe(before);
  });
});

describe('a look', () => {
  it.each(['', '?sort=price', '?sort=-price&limit=5', '?q=ada', '?minPrice=1&maxPrice=9999&q=ada+eng&sort=price'])(
    'at the listing%s costs one query, and no call to anybody',
    async (query) => {
      const { answer, ...cost } = await costOf(() => market.ask('tickets', 'GET', `/api/tickets${query}`));
      expect(answer.status).toBe(200);
      expect(cost).toEqual({ tickets: ['find'], orders: [], dapr: [], redis: [] });
    },
  );

  it('at one ticket costs one query; at one’s own tickets and orders, and the session', async () => {
    const ticketId = await market.list('ada');
    const one = await costOf(() => market.ask('tickets', 'GET', `/api/tickets/${ticketId}`));
    expect(one).toMatchObject({ tickets: ['find'], orders: [], dapr: [], redis: [] });
    const mine = await costOf(() => market.ask('tickets', 'GET', '/api/tickets/mine', { user: 'ada' }));
    expect(mine).toMatchObject({ tickets: ['find'], orders: [], dapr: [session('tickets')], redis: [] });
    const orders = await costOf(() => market.ask('orders', 'GET', '/api/orders', { user: 'bob' }));
    expect(orders).toMatchObject({ tickets: [], orders: ['find'], dapr: [session('orders')], redis: [] });
  });
});

describe('the shape of each query', () => {
  interface Find {
    filter: Record<string, unknown>;
    sort: Record<string, 1 | -1>;
  }

  async function findsOf(connection: Connection, ask: () => Promise<unknown>): Promise<Find[]> {
    const finds: Find[] = [];
    const note = ({ commandName, command }: { commandName: string; command: Record<string, unknown> }) => {
      if (commandName !== 'find') return;
      const sort = command.sort instanceof Map ? Object.fromEntries(command.sort) : command.sort;
      finds.push({ filter: command.filter as Find['filter'], sort: (sort ?? {}) as Find['sort'] });
    };
    const client = connection.getClient();
    client.on('commandStarted', note);
    await ask();
    client.off('commandStarted', note);
    return finds;
  }

  const filters = ['', '&minPrice=100', '&minPrice=100&maxPrice=9000', '&q=ada', '&q=ada+eng&maxPrice=9000'];
  const listings = sortOrders.flatMap((sort) => filters.map((filter) => `sort=${sort}${filter}`));

  it.each(listings)('?%s is that of a declared index, on the first page and on the next', async (query) => {
    for (let n = 0; n < 2; n++) await market.list('ada', { title: 'Ada and the Engines', price: 4500 });
    const { connection } = market.tickets.database;
    const indexes = declaredIndexes(market.tickets.model.schema as unknown as Schema);
    const first = await market.ask('tickets', 'GET', `/api/tickets?limit=1&${query}`);
    const cursor = String(first.body.nextCursor);
    for (const page of ['', `&cursor=${cursor}`]) {
      const finds = await findsOf(connection, () =>
        market.ask('tickets', 'GET', `/api/tickets?limit=1&${query}${page}`),
      );
      expect(finds).toHaveLength(1);
      for (const { filter, sort } of finds) {
        expect(servedBy(indexes, filter, sort, { searched: 'words' })).toBeDefined();
        await expectIndexScan(connection, filter, sort);
      }
    }
  });

  it('of browsing is that of an index which holds only what is for sale', () => {
    const browsing = declaredIndexes(market.tickets.model.schema as unknown as Schema).filter(
      ({ keys }) => 'forSale' in keys,
    );
    expect(browsing).toHaveLength(6);
    for (const { partial } of browsing) expect(partial).toEqual({ forSale: true });
  });

  it('of one’s own tickets, and of one’s own orders, is too', async () => {
    for (const [{ model, database }, app, path] of [
      [market.tickets, 'tickets', '/api/tickets/mine'],
      [market.orders, 'orders', '/api/orders'],
    ] as const) {
      const indexes = declaredIndexes(model.schema as unknown as Schema);
      const finds = await findsOf(database.connection, () => market.ask(app, 'GET', path, { user: 'ada' }));
      expect(finds).toHaveLength(1);
      for (const { filter, sort } of finds) expect(servedBy(indexes, filter, sort)).toBeDefined();
    }
  });

  it('that no index serves is seen', () => {
    const indexes: DeclaredIndex[] = [{ keys: { forSale: 1, price: 1, _id: 1 }, partial: { forSale: true } }];
    expect(servedBy(indexes, { forSale: true }, { price: -1, _id: -1 })).toBeDefined();
    expect(servedBy(indexes, { forSale: true, price: { $gte: 1 } }, { price: 1, _id: 1 })).toBeDefined();
    expect(servedBy(indexes, { forSale: false }, { price: -1, _id: -1 })).toBeUndefined();
    expect(servedBy(indexes, { forSale: true }, { _id: -1 })).toBeUndefined();
    expect(servedBy(indexes, { forSale: true }, { price: 1, _id: -1 })).toBeUndefined();
    expect(servedBy(indexes, { price: { $gte: 1 } }, { price: 1, _id: 1 })).toBeUndefined();
    expect(servedBy(indexes, { forSale: true, words: {} }, { _id: 1 }, { searched: 'words' })).toBeUndefined();
  });

  /** What the server itself says, where it can: the stand-in for MongoDB knows no `explain`. */
  async function expectIndexScan(connection: Connection, filter: object, sort: object): Promise<void> {
    const command = { explain: { find: 'tickets', filter, sort }, verbosity: 'queryPlanner' };
    const plan = await connection.db?.command(command).catch((error: { codeName?: string; message: string }) => {
      expect(error.message).toMatch(/explain/);
      return undefined;
    });
    if (plan) expect(JSON.stringify(plan.queryPlanner.winningPlan)).toContain('"IXSCAN"');
  }
});
