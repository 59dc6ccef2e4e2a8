import { type Model, Schema } from 'mongoose';
import { commandCounter, type TestDatabase, testDatabase } from '../../src/testing';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const counterSchema = new Schema<{ count: number }>({ count: Number });
const counterModel = (): Model<{ count: number }> =>
  database.connection.models.Counter ?? database.connection.model('Counter', counterSchema);

describe('the test database', () => {
  it('serves a connection to an empty database of its own', async () => {
    const other = await testDatabase();
    try {
      await counterModel().create({ count: 1 });
      expect(other.name).not.toBe(database.name);
      expect(await other.connection.listCollections()).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('is emptied by clear', async () => {
    await counterModel().create({ count: 1 });
    await database.clear();
    expect(await counterModel().countDocuments()).toBe(0);
  });
});

describe('the command counter', () => {
  it('counts every command with its collection, and nothing else', async () => {
    const counter = commandCounter(database.connection);
    const row = await counterModel().create({ count: 1 });
    await counterModel().updateOne({ _id: row._id }, { count: 2 });
    await counterModel().findOneAndUpdate({ _id: row._id }, { count: 3 });
    await counterModel().findById(row._id);
    expect(counter.commands).toEqual([
      { name: 'insert', collection: 'counters' },
      { name: 'update', collection: 'counters' },
      { name: 'findAndModify', collection: 'counters' },
      { name: 'find', collection: 'counters' },
    ]);
    counter.reset();
    expect(counter.commands).toEqual([]);
    counter.stop();
    await counterModel().findById(row._id);
    expect(counter.commands).toEqual([]);
  });
});
