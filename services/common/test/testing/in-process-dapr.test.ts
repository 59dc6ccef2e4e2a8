// What the in-process Dapr can do that a healthy sidecar does not: its faults. What it shares with real ones is in
// test/conformance.
import { Router } from 'express';
import {
  type ActorDefinition,
  createHttpApp,
  createMetrics,
  NoAnswer,
  PublishFailed,
  type Subscription,
  silentLog,
} from '../../src';
import { chaos, exampleEvent, type Faults, type InProcessDapr, inProcessDapr, seededRandom } from '../../src/testing';

interface World {
  dapr: InProcessDapr;
  /** Ids of the events that `tickets` was given, in that order. */
  heard: string[];
  /** How often `tickets` has done what it was invoked for. */
  done(): number;
  publish(...ids: string[]): Promise<void>;
}

const counter: ActorDefinition = {
  type: 'Counter',
  methods: {
    async add(actor) {
      await actor.setState('count', ((await actor.getState<number>('count')) ?? 0) + 1);
    },
    async remind(actor) {
      await actor.remind('tick', { dueMs: 1_000, periodMs: 10_000 });
    },
  },
  async onReminder(actor) {
    await actor.setState('firings', ((await actor.getState<number>('firings')) ?? 0) + 1);
  },
};

const worlds: InProcessDapr[] = [];
afterEach(async () => {
  for (const dapr of worlds.splice(0)) await dapr.close();
});

async function world(faults: Faults = {}, seed = 1): Promise<World> {
  const dapr = inProcessDapr({ seed });
  worlds.push(dapr);
  const heard: string[] = [];
  let done = 0;
  const internalRoutes = Router().post('/work', (_req, res) => {
    done += 1;
    res.json({ done });
  });
  const subscription: Subscription = {
    topic: 'orders',
    handlers: {
      'order.created': async ({ id }) => {
        heard.push(id);
      },
    },
  };
  const app = createHttpApp({
    log: silentLog,
    metrics: createMetrics('tickets'),
    appApiToken: dapr.appToken,
    internalRoutes,
    subscriptions: [subscription],
  });
  await dapr.register('tickets', app);
  await dapr.register('expiration', createHttpApp({ log: silentLog, metrics: createMetrics('expiration') }), {
    actors: [counter],
  });
  dapr.faults = faults;
  return {
    dapr,
    heard,
    done: () => done,
    publish: (...ids) =>
      dapr.of('orders').events.publish(
        'orders',
        ids.map((id) => exampleEvent('OrderCreated', {}, { id, subject: id })),
      ),
  };
}

const once = <T>(fault: T): (() => T | undefined) => {
  let left = 1;
  return () => (left-- > 0 ? fault : undefined);
};
const ids = Array.from({ length: 20 }, (_, index) => `event-${index}`);
const invocation = { app: 'tickets', method: 'POST', path: 'internal/work' } as const;

describe('faults of publishing', () => {
  test('a lost request was not taken, a lost answer was; both have failed', async () => {
    const { dapr, publish, heard } = await world({ publish: once('loseRequest' as const) });
    await expect(publish('a', 'b')).rejects.toMatchObject({ failedIds: ['a'] });
    dapr.faults = { publish: once('loseAnswer' as const) };
    await expect(publish('c')).rejects.toBeInstanceOf(PublishFailed);
    await dapr.settle();
    expect(heard.sort()).toEqual(['b', 'c']);
  });
});

describe('faults of delivery', () => {
  test.each<[string, Faults['deliver'], string[]]>([
    ['lose', () => 'lose', []],
    ['repeat', once('repeat' as const), ['a', 'a']],
    ['loseRequest', once('loseRequest' as const), ['a']],
    ['loseAnswer', once('loseAnswer' as const), ['a', 'a']],
    ['delay', () => 'delay', ['a']],
  ])('%s', async (_name, deliver, expected) => {
    const { dapr, publish, heard } = await world({ ...(deliver ? { deliver } : {}) });
    await publish('a');
    await dapr.settle();
    expect(heard).toEqual(expected);
  });

  test('what never arrives ends in the dead letters, and comes again when it is replayed', async () => {
    const { dapr, publish, heard } = await world({ deliver: () => 'loseRequest' });
    await publish('a');
    await dapr.settle();
    expect(dapr.deadLetters).toMatchObject([{ topic: 'orders', app: 'tickets', reason: 'tries exhausted' }]);
    dapr.faults = {};
    expect(dapr.replayDeadLetters('orders')).toBe(1);
    await dapr.settle();
    expect([heard, dapr.deadLetters]).toEqual([['a'], []]);
  });

  test('events come in another order than they were published, and in the same one for the same seed', async () => {
    const orderFor = async (seed: number) => {
      const { dapr, publish, heard } = await world({}, seed);
      await publish(...ids);
      await dapr.settle();
      return heard;
    };
    const first = await orderFor(7);
    expect(first).not.toEqual(ids);
    expect([...first].sort()).toEqual([...ids].sort());
    expect(await orderFor(7)).toEqual(first);
    expect(await orderFor(8)).not.toEqual(first);
  });

  test('chaos loses nothing for good, whatever its seed', async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { dapr, heard } = await world(chaos(seededRandom(seed)), seed);
      for (const id of ids) {
        const event = exampleEvent('OrderCreated', {}, { id });
        const publish = () =>
          dapr
            .of('orders')
            .events.publish('orders', [event])
            .then(
              () => true,
              () => false,
            );
        while (!(await publish()));
      }
      await dapr.settle();
      expect([...new Set(heard)].sort()).toEqual([...ids].sort());
    }
  });
});

describe('faults of invocation', () => {
  test('a lost request was not done, a lost answer was; neither is an answer', async () => {
    const { dapr, done } = await world({ invoke: () => 'loseRequest' });
    await expect(dapr.of('orders').invoker.invoke(invocation)).rejects.toBeInstanceOf(NoAnswer);
    expect(done()).toBe(0);
    dapr.faults = { invoke: () => 'loseAnswer' };
    await expect(dapr.of('orders').invoker.invoke(invocation)).rejects.toBeInstanceOf(NoAnswer);
    expect(done()).toBe(1);
  });

  test('an app that is stopped gives no answer', async () => {
    const { dapr } = await world();
    await dapr.stop('tickets');
    await expect(dapr.of('orders').invoker.invoke(invocation)).rejects.toBeInstanceOf(NoAnswer);
  });
});

describe('faults of actors', () => {
  const add = (dapr: InProcessDapr) => dapr.of('expiration').actors.call('Counter', 'one', 'add');

  test.each<['loseRequest' | 'loseAnswer' | 'crash', unknown]>([
    ['loseRequest', undefined],
    ['crash', undefined],
    ['loseAnswer', { count: 1 }],
  ])('%s', async (fault, state) => {
    const { dapr } = await world({ turn: () => fault });
    await expect(add(dapr)).rejects.toBeInstanceOf(NoAnswer);
    expect(dapr.actorState('Counter', 'one')).toEqual(state);
  });

  test('a firing that fails is tried three times more, a second apart, and then with the next period', async () => {
    const { dapr } = await world();
    await dapr.of('expiration').actors.call('Counter', 'one', 'remind');
    let tries = 0;
    dapr.faults.turn = () => {
      tries += 1;
      return 'crash';
    };
    await dapr.advance(1_000 + 3_000);
    expect(tries).toBe(4);
    await dapr.advance(9_999);
    expect(tries).toBe(4);
    dapr.faults = {};
    await dapr.advance(1);
    expect(dapr.actorState('Counter', 'one')).toEqual({ firings: 1 });
  });

  test('lost reminders do not fire', async () => {
    const { dapr } = await world();
    await dapr.of('expiration').actors.call('Counter', 'one', 'remind');
    dapr.loseReminders();
    await dapr.advance(60_000);
    expect(dapr.actorState('Counter', 'one')).toBeUndefined();
  });
});

describe('what it lets tests see', () => {
  test('every call to Dapr, in order', async () => {
    const { dapr, publish } = await world();
    await publish('a');
    await dapr.of('orders').invoker.invoke(invocation);
    await dapr.of('orders').state('sessions').getMany(['x', 'y']);
    expect(dapr.calls).toEqual([
      { app: 'orders', kind: 'publish', target: 'orders' },
      { app: 'orders', kind: 'invoke', target: 'POST tickets/internal/work' },
      { app: 'orders', kind: 'state.getMany', target: 'sessions/x,y' },
    ]);
  });

  test('a circle of events is an error, not a test that hangs', async () => {
    const { dapr, publish } = await world({ deliver: () => undefined });
    let next = 0;
    dapr.faults.deliver = () => {
      void publish(`again-${next++}`);
      return 'lose';
    };
    await publish('a');
    await expect(dapr.settle()).rejects.toThrow('published in a circle');
  });
});
