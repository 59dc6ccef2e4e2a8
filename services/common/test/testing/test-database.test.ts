import { type Connection, Schema } from 'mongoose';
import { commandCounter, type TestDatabase, testDatabase } from '../../src/testing';

const counterOf = (connection: Connection) =>
  connection.model('Counter', new Schema<{ count: number }>({ count: Number }));

let database: TestDatabase;
let counters: ReturnType<typeof counterOf>;
beforeAll(async () => {
  database = await testDatabase();
  counters = counterOf(database.connection);
});
afterAll(() => database.close());

describe('the test database', () => {
  it('serves a connection to an empty database of its own', async () => {
    const other = await testDatabase();
    try {
      await counters.create({ count: 1 });
      expect(other.name).not.toBe(database.name);
      expect(await other.connection.listCollections()).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('is emptied by clear', async () => {
    await counters.create({ count: 1 });
    await database.clear();
    expect(await counters.countDocuments()).toBe(0);
  });
});

describe('the command counter', () => {
  it('counts every command with its collection, and nothing else', async () => {
    const counter = commandCounter(database.connection);
    const row = await counters.create({ count: 1 });
    await counters.updateOne({ _id: row._id }, { count: 2 });
    await counters.findOneAndUpdate({ _id: row._id }, { count: 3 });
    await counters.findById(row._id);
    expect(counter.commands).toEqual([
      { name: 'insert', collection: 'counters' },
      { name: 'update', collection: 'counters' },
      { name: 'findAndModify', collection: 'counters' },
      { name: 'find', collection: 'counters' },
    ]);
    counter.reset();
    expect(counter.commands).toEqual([]);
    counter.stop();
    await counters.findById(row._id);
    expect(counter.commands).toEqual([]);
  });
});
