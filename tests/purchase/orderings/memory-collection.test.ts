// The collection in memory beside a real server: the same operations, as the data layers use them, give the same.
import { type TestDatabase, testDatabase } from '@ticketing/common/testing';
import { type Doc, MemoryCollection } from './memory-collection';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

interface Collection {
  findOne(filter: object): Promise<unknown>;
  find(filter: object): {
    sort(by: object): {
      limit(most: number): { toArray(): Promise<unknown[]> };
      batchSize(size: number): AsyncIterable<unknown>;
    };
  };
  countDocuments(filter: object): Promise<number>;
  insertOne(doc: object): Promise<unknown>;
  updateOne(filter: object, update: object): Promise<{ modifiedCount: number }>;
  updateMany(filter: object, update: object): Promise<unknown>;
  findOneAndUpdate(filter: object, update: object, options: object): Promise<unknown>;
}

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));
const after = { returnDocument: 'after' };
const docs: Doc[] = [
  { _id: 'a', state: 'open', version: 1, holder: null, dueAt: at(3), charges: [], outbox: [] },
  {
    _id: 'b',
    state: 'open',
    version: 2,
    holder: 'x',
    dueAt: at(1),
    charges: [{ id: 'c1' }, { id: 'c2' }],
    outbox: [{ key: 'k1', at: at(0) }],
  },
  {
    _id: 'c',
    state: 'closed',
    version: 3,
    charges: [{ id: 'c3' }],
    outbox: [
      { key: 'k2', at: at(5) },
      { key: 'k3', at: at(6) },
    ],
  },
];

const filters: object[] = [
  { _id: 'b' },
  { _id: 'b', version: 1 },
  { 'charges.id': 'c2' },
  { state: 'open', dueAt: { $lte: at(1) } },
  { dueAt: { $exists: true } },
  { dueAt: { $not: { $gt: at(1) } } },
  { holder: { $lte: at(1) } },
  { 'outbox.0': { $exists: true }, 'outbox.at': { $lt: at(1) } },
  { holder: null },
  { holder: { $in: [null, 'y'] } },
  { holder: { $ne: 'x' } },
  { _id: { $in: ['a', 'c'] } },
  { $or: [{ version: { $gt: 2 } }, { dueAt: at(1) }] },
  { version: { $lt: 'text' } },
];

const updates: [filter: object, update: object][] = [
  [
    { _id: 'a', version: 1 },
    { $set: { state: 'closed' }, $inc: { version: 1, visits: 1 }, $unset: { dueAt: '' } },
  ],
  [{ _id: 'b' }, { $push: { outbox: { $each: [{ key: 'k4' }, { key: 'k5' }] }, charges: { id: 'c4' } } }],
  [{ _id: 'c' }, { $pull: { outbox: { key: { $in: ['k2', 'k9'] } } } }],
  [{ _id: 'nobody' }, { $set: { state: 'open' } }],
];

async function both(ask: (collection: Collection) => Promise<unknown>): Promise<void> {
  const real = database.connection.collection('compared');
  await real.deleteMany({});
  await real.insertMany(docs as never);
  const memory = new MemoryCollection();
  memory.fill(docs);
  const expected = await ask(real as unknown as Collection);
  expect(await ask(memory as unknown as Collection)).toEqual(expected);
}

const everything = (collection: Collection) => collection.find({}).sort({ _id: 1 }).limit(99).toArray();

it.each(filters)('finds the same by %j', (filter) =>
  both(async (collection) => {
    const iterated: unknown[] = [];
    for await (const doc of collection.find(filter).sort({ version: -1 }).batchSize(1)) iterated.push(doc);
    return {
      one: (await collection.findOne({ ...filter, _id: 'b' })) !== null,
      all: await collection.find(filter).sort({ dueAt: 1, _id: 1 }).limit(2).toArray(),
      iterated,
      count: await collection.countDocuments(filter),
    };
  }),
);

it.each(updates)('%j is changed the same by %j', async (filter, update) => {
  await both(async (collection) => [
    await collection.findOneAndUpdate(filter, update, after),
    await everything(collection),
  ]);
  await both(async (collection) => [
    (await collection.updateOne(filter, update)).modifiedCount,
    await everything(collection),
  ]);
  await both(async (collection) => {
    await collection.updateMany(filter, update);
    return everything(collection);
  });
});

it('refuses a second document of the same id, as the server does', () =>
  both(async (collection) => {
    const refused = await collection.insertOne({ _id: 'a' }).then(
      () => 'taken',
      (error: { code: number }) => error.code,
    );
    return [refused, await everything(collection)];
  }));

it('does not keep what is changed in the caller’s hands', () =>
  both(async (collection) => {
    const found = (await collection.findOne({ _id: 'b' })) as { charges: { id: string }[] };
    found.charges.push({ id: 'mine' });
    return everything(collection);
  }));

it.each([
  [{ version: { $mod: [2, 0] } }, {}],
  [{ $nor: [] }, {}],
  [{ _id: 'a' }, { $rename: { state: 'status' } }],
  [{ _id: 'a' }, { $set: { 'charges.0': 1 } }],
])('refuses what it does not know: %j %j', async (filter, update) => {
  const memory = new MemoryCollection();
  memory.fill(docs);
  await expect(memory.updateOne(filter, update)).rejects.toThrow('does not');
});
