import { type Model, Schema } from 'mongoose';
import {
  type CloudEvent,
  createMetrics,
  createOutbox,
  type EventPublisher,
  type Metrics,
  makeEvent,
  newId,
  type Outbox,
  type OutboxDocument,
  outboxEntry,
  outboxPlugin,
  PublishFailed,
  silentLog,
  UserUpdated,
} from '../../src';
import { commandCounter, type TestDatabase, testDatabase, virtualClock, waitUntil } from '../../src/testing';

interface User extends OutboxDocument {
  version: number;
}

const schema = new Schema<User>({ _id: String, version: Number }, { versionKey: false });
outboxPlugin(schema as unknown as Schema);

let database: TestDatabase;
let model: Model<User>;
const clock = virtualClock();
/** What the broker has taken, in the order of publishing. */
let taken: CloudEvent[];
/** Decides what becomes of a batch; by default the broker takes it. */
let broker: (events: readonly CloudEvent[]) => Promise<void>;
const publisher: EventPublisher = {
  async publish(_topic, events) {
    await broker(events);
    taken.push(...events);
  },
};

beforeAll(async () => {
  database = await testDatabase();
  model = database.connection.model<User>('User', schema);
  await model.createCollection();
  await model.createIndexes();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.clear();
  taken = [];
  broker = async () => undefined;
});

const eventOf = (doc: User, entry: { id: string; at: Date }) =>
  makeEvent(
    UserUpdated,
    { id: `${doc._id}:${entry.id}`, subject: doc._id, time: entry.at },
    { id: doc._id, email: 'ada@example.com', version: Number(entry.id) },
  );

const outbox = (lingerMs = 5, toEvent: typeof eventOf = eventOf, metrics = createMetrics('auth')): Outbox<User> =>
  createOutbox({
    model,
    topic: 'users',
    toEvent,
    publisher,
    clock,
    log: silentLog,
    metrics,
    lingerMs,
  });

/** Stores a document with its events, as a change of state does. */
async function store(...versions: number[]): Promise<User> {
  const entries = versions.map((version) => outboxEntry(UserUpdated, String(version), clock.now()));
  const user = { _id: newId(), version: versions.at(-1) ?? 1, outbox: entries };
  await model.collection.insertOne(user as never);
  return user;
}
async function storeMany(count: number): Promise<User[]> {
  const users = Array.from({ length: count }, () => ({
    _id: newId(),
    version: 1,
    outbox: [outboxEntry(UserUpdated, '1', clock.now())],
  }));
  await model.collection.insertMany(users as never);
  return users;
}
const left = async () =>
  (await model.find().lean()).flatMap((user) => user.outbox.map(({ id }) => `${user._id}:${id}`));
const takenIds = () => taken.map(({ id }) => id);

describe('announcing a change', () => {
  test('When the broker takes its events, then they are removed from the document', async () => {
    const user = await store(1, 2);
    const relay = outbox();
    relay.announce(user);
    await relay.flush();
    expect(takenIds()).toEqual([`${user._id}:1`, `${user._id}:2`]);
    expect(await left()).toEqual([]);
  });

  test('When many change at once, then their events travel together, and so does the clearing', async () => {
    const users = await Promise.all(Array.from({ length: 100 }, () => store(1)));
    const batches: number[] = [];
    broker = async (events) => {
      batches.push(events.length);
    };
    const relay = outbox(50);
    const counter = commandCounter(database.connection);
    for (const user of users) relay.announce(user);
    await relay.flush();
    counter.stop();
    expect(batches).toEqual([100]);
    expect(counter.commands).toEqual([{ name: 'update', collection: 'users' }]);
    expect(await left()).toEqual([]);
  });

  test('When changes go on while a batch is published, then the next batch waits for company, too', async () => {
    const users = await Promise.all(Array.from({ length: 20 }, () => store(1)));
    const batches: number[] = [];
    const relay = outbox(30);
    broker = async (events) => {
      batches.push(events.length);
      if (batches.length > 1) return;
      relay.announce(users[1] as User);
      setImmediate(() => {
        for (const user of users.slice(2)) relay.announce(user);
      });
    };
    relay.announce(users[0] as User);
    await waitUntil(() => taken.length === users.length, { what: 'all are published' });
    expect(batches).toEqual([1, 19]);
    await relay.flush();
    expect(await left()).toEqual([]);
  });

  test('When the same document is announced again meanwhile, then its events are published once', async () => {
    const user = await store(1);
    const relay = outbox(50);
    relay.announce(user);
    relay.announce(user);
    await relay.flush();
    expect(takenIds()).toEqual([`${user._id}:1`]);
  });

  test('When another event of the document is stored meanwhile, then clearing leaves it', async () => {
    const user = await store(1);
    broker = async () => {
      const later = outboxEntry(UserUpdated, '2', clock.now());
      await model.collection.updateOne({ _id: user._id } as never, { $push: { outbox: later } } as never);
    };
    const relay = outbox();
    relay.announce(user);
    await relay.flush();
    expect(await left()).toEqual([`${user._id}:2`]);
  });

  test('When it is flushed, then nothing waits for company', async () => {
    const user = await store(1);
    const relay = outbox(60_000);
    relay.announce(user);
    await relay.flush();
    expect(takenIds()).toHaveLength(1);
  });

  test('When the service stops, then what was announced is published first', async () => {
    const user = await store(1);
    const relay = outbox(60_000);
    relay.start();
    relay.announce(user);
    await relay.stop();
    expect(takenIds()).toEqual([`${user._id}:1`]);
    expect(await left()).toEqual([]);
  });
});

describe('when publishing fails', () => {
  test('as a whole, then everything stays stored, and the sweeper publishes it', async () => {
    const user = await store(1, 2);
    broker = async (events) => {
      throw new PublishFailed(
        'users',
        events.map(({ id }) => id),
        new Error('no broker'),
      );
    };
    const relay = outbox();
    relay.announce(user);
    await relay.flush();
    expect(await left()).toHaveLength(2);

    broker = async () => undefined;
    clock.advance(10_001);
    expect(await relay.sweep()).toBe(2);
    expect(takenIds()).toEqual([`${user._id}:1`, `${user._id}:2`]);
    expect(await left()).toEqual([]);
  });

  test('for one of two, then only that one stays', async () => {
    const [one, other] = [await store(1), await store(1)];
    broker = async () => {
      throw new PublishFailed('users', [`${other._id}:1`], new Error('refused'));
    };
    const relay = outbox(50);
    relay.announce(one);
    relay.announce(other);
    await relay.flush();
    expect(await left()).toEqual([`${other._id}:1`]);
  });

  test('in a way nobody knows, then everything stays: it may repeat, it may not be lost', async () => {
    await store(1);
    const user = await store(1);
    broker = async () => {
      throw new TypeError('not a word about the events');
    };
    const relay = outbox();
    relay.announce(user);
    await relay.flush();
    expect(await left()).toHaveLength(2);
  });

  test('to be cleared, then the events are published again, under the same ids', async () => {
    const user = await store(1);
    const relay = outbox();
    const update = jest.spyOn(model.collection, 'updateMany').mockRejectedValueOnce(new Error('no database') as never);
    relay.announce(user);
    await relay.flush();
    update.mockRestore();
    clock.advance(10_001);
    await relay.sweep();
    expect(takenIds()).toEqual([`${user._id}:1`, `${user._id}:1`]);
    expect(await left()).toEqual([]);
  });
});

describe('when the broker is away for long', () => {
  const away = async (events: readonly CloudEvent[]) => {
    throw new PublishFailed(
      'users',
      events.map(({ id }) => id),
      new Error('no broker'),
    );
  };
  /** As stored, but in memory only: these tests are about what is queued. */
  const change = (index: number): User => ({
    _id: `user-${index}`,
    version: 1,
    outbox: [outboxEntry(UserUpdated, '1', clock.now())],
  });

  test('and changes pile up, then only so many are queued; the rest is stored, for the sweeper', async () => {
    const relay = outbox(60_000);
    for (let index = 0; index < 5_000; index += 1) relay.announce(change(index));
    await relay.flush();
    expect(taken).toHaveLength(2_000);

    relay.announce(change(5_000));
    await relay.flush();
    expect(takenIds().at(-1)).toBe('user-5000:1');
  });

  test('and the service stops, then one try is enough', async () => {
    let tries = 0;
    broker = async (events) => {
      tries += 1;
      await away(events);
    };
    const relay = outbox(60_000);
    relay.start();
    for (let index = 0; index < 500; index += 1) relay.announce(change(index));
    await relay.stop();
    expect(tries).toBe(1);
  });

  test('then a sweep ends with the first batch that is not taken', async () => {
    await storeMany(350);
    clock.advance(10_001);
    let tries = 0;
    broker = async (events) => {
      tries += 1;
      await away(events);
    };
    const relay = outbox();
    expect(await relay.sweep()).toBe(0);
    expect(tries).toBe(1);

    broker = async () => undefined;
    expect(await relay.sweep()).toBe(350);
    expect(await left()).toEqual([]);
  });
});

describe('until when all is told, by the sweeper that looked last', () => {
  const leftBehindAfterMs = 10_000;
  let metrics: Metrics;
  let relay: Outbox<User>;
  const clearUntil = async () => {
    const { values } = await metrics.outboxClearUntil.get();
    expect(values.map(({ labels }) => labels)).toEqual([{ topic: 'users' }]);
    return (values[0]?.value ?? Number.NaN) * 1_000;
  };
  const ageMs = async () => clock.now().getTime() - (await clearUntil());
  beforeEach(() => {
    metrics = createMetrics('auth');
    relay = outbox(5, eventOf, metrics);
  });
  const away = async () => {
    throw new TypeError('no broker');
  };
  const brokerThatHangs = () => {
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolveAsked) => {
      broker = () =>
        new Promise((resolve) => {
          answer = resolve;
          resolveAsked();
        });
    });
    return { asked, answer: () => answer() };
  };

  test('When nothing waits, then it is when it looked, less the time that events are left to the relay', async () => {
    expect(await clearUntil()).toBe(0);
    await relay.sweep();
    expect(await ageMs()).toBe(leftBehindAfterMs);
  });

  test('When the broker is away, then it stays at the event that has waited longest, from round to round', async () => {
    const first = await store(1);
    clock.advance(5_000);
    await store(1, 2);
    broker = away;
    for (let round = 1; round <= 3; round += 1) {
      clock.advance(60_000);
      await relay.sweep();
      expect(await clearUntil()).toBe(first.outbox[0]?.at.getTime());
      expect(await ageMs()).toBe(5_000 + round * 60_000);
    }
    broker = async () => undefined;
    await relay.sweep();
    await relay.sweep();
    expect(await ageMs()).toBe(leftBehindAfterMs);
  });

  test('When the broker never answers, then it is at what waits already, and stays there', async () => {
    const user = await store(1);
    clock.advance(60_000);
    const { asked, answer } = brokerThatHangs();
    const sweeping = relay.sweep();
    await asked;
    clock.advance(600_000);
    expect(await clearUntil()).toBe(user.outbox[0]?.at.getTime());
    expect(await ageMs()).toBe(660_000);
    answer();
    await sweeping;
  });

  test('When what waits is in the hands of a relay that hangs, then it counts all the same', async () => {
    const user = await store(1);
    const { asked, answer } = brokerThatHangs();
    relay.announce(user);
    await asked;
    clock.advance(60_000);
    expect(await relay.sweep()).toBe(0);
    expect(await clearUntil()).toBe(user.outbox[0]?.at.getTime());
    answer();
    await relay.flush();
  });

  test('When the database does not answer, then nobody has looked', async () => {
    await relay.sweep();
    const looked = await clearUntil();
    const find = jest.spyOn(model.collection, 'find').mockImplementation(() => {
      throw new Error('no database');
    });
    clock.advance(60_000);
    await expect(relay.sweep()).rejects.toThrow('no database');
    find.mockRestore();
    expect(await clearUntil()).toBe(looked);
  });

  test('When an entry has no time, then it spoils neither the sweep nor what is measured', async () => {
    const user = await store(1);
    const strange = { ...outboxEntry(UserUpdated, '2', clock.now()), at: undefined };
    await model.collection.updateOne({ _id: user._id } as never, { $push: { outbox: strange } } as never);
    clock.advance(60_000);
    broker = away;
    await relay.sweep();
    expect(await clearUntil()).toBe(user.outbox[0]?.at.getTime());
  });

  test('Looking costs the sweep nothing: it asks once, as before', async () => {
    await store(1);
    clock.advance(60_000);
    broker = away;
    const counter = commandCounter(database.connection);
    await relay.sweep();
    counter.stop();
    expect(counter.commands).toEqual([{ name: 'find', collection: 'users' }]);
  });
});

describe('the sweeper', () => {
  test('When very much was left behind, then one round publishes it all', async () => {
    await storeMany(1_700);
    clock.advance(10_001);
    expect(await outbox().sweep()).toBe(1_700);
    expect(new Set(takenIds()).size).toBe(1_700);
    expect(await left()).toEqual([]);
  });

  test('When very many entries are no events of ours, then those behind them are published all the same', async () => {
    const strange = new Set((await storeMany(700)).map(({ _id }) => _id));
    clock.advance(1);
    const usual = await store(1);
    clock.advance(10_001);
    const relay = outbox(5, (doc, entry) => {
      if (strange.has(doc._id)) throw new Error('unknown type');
      return eventOf(doc, entry);
    });
    expect(await relay.sweep()).toBe(1);
    expect(takenIds()).toEqual([`${usual._id}:1`]);
    expect(await left()).toHaveLength(700);
  });

  test('When it is stopped in a long round, then it ends after the batch in hand', async () => {
    await storeMany(300);
    clock.advance(10_001);
    const stopping = new AbortController();
    broker = async () => stopping.abort();
    expect(await outbox().sweep(stopping.signal)).toBe(100);
    expect(await left()).toHaveLength(200);
  });

  test('When the process died between the write and the publishing, then it publishes what was stored', async () => {
    const users = [await store(1), await store(1), await store(1, 2)];
    clock.advance(10_001);
    const afterTheRestart = outbox();
    expect(await afterTheRestart.sweep()).toBe(4);
    expect(takenIds().sort()).toEqual(
      users.flatMap(({ _id, outbox: entries }) => entries.map(({ id }) => `${_id}:${id}`)).sort(),
    );
    expect(await left()).toEqual([]);
  });

  test('When an event is young, then it is left to the relay that has it in hand', async () => {
    await store(1);
    clock.advance(9_000);
    expect(await outbox().sweep()).toBe(0);
    expect(taken).toEqual([]);
  });

  test('When it runs beside the relay, then neither publishes what the other has in hand', async () => {
    const user = await store(1);
    clock.advance(10_001);
    let inHand = false;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    broker = async () => {
      inHand = true;
      await held;
    };
    const relay = outbox(0);
    relay.announce(user);
    await waitUntil(() => inHand, { what: 'the batch is in hand' });
    const counter = commandCounter(database.connection);
    const sweeping = relay.sweep();
    await waitUntil(() => counter.commands.some(({ name }) => name === 'find'), { what: 'the sweeper looks' });
    counter.stop();
    expect(await sweeping).toBe(0);
    expect(await left()).toHaveLength(1);
    release();
    await relay.flush();
    expect(takenIds()).toEqual([`${user._id}:1`]);
  });

  test('When an entry is no event of ours, then it stays stored and holds up no other', async () => {
    const [strange, usual] = [await store(1), await store(1)];
    clock.advance(10_001);
    const relay = outbox(5, (doc, entry) => {
      if (doc._id === strange._id) throw new Error('unknown type');
      return eventOf(doc, entry);
    });
    expect(() => relay.announce(strange)).not.toThrow();
    expect(await relay.sweep()).toBe(1);
    expect(await relay.sweep()).toBe(0);
    expect(takenIds()).toEqual([`${usual._id}:1`]);
    expect(await left()).toEqual([`${strange._id}:1`]);
  });

  test('When it is started, then it sweeps again and again until it is stopped', async () => {
    const relay = createOutbox({
      model,
      topic: 'users',
      toEvent: eventOf,
      publisher,
      clock,
      log: silentLog,
      metrics: createMetrics('auth'),
      sweepEveryMs: 10,
    });
    relay.start();
    const first = await store(1);
    clock.advance(10_001);
    await waitUntil(() => takenIds().includes(`${first._id}:1`), { what: 'the first is swept' });
    const second = await store(1);
    clock.advance(10_001);
    await waitUntil(() => takenIds().includes(`${second._id}:1`), { what: 'the second is swept' });
    await relay.stop();
    expect(await left()).toEqual([]);
  });
});
