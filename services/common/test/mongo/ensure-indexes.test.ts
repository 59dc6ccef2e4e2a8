import { Schema } from 'mongoose';
import { ensureIndexes } from '../../src';
import { type TestDatabase, testDatabase } from '../../src/testing';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.close());

const indexes = async () => {
  const found = await database.connection.collection('visits').listIndexes().toArray();
  return found
    .map(({ name, expireAfterSeconds }) =>
      expireAfterSeconds === undefined ? name : `${name}: ${expireAfterSeconds} s`,
    )
    .sort();
};

const declareVisits = () => {
  const schema = new Schema({ at: Date, guest: String }, { collection: 'visits' });
  schema.index({ at: 1 }, { expireAfterSeconds: 200 });
  schema.index({ guest: 1 });
  database.connection.model('Visit', schema);
};

test('When a database is new, then it gets what the models declare', async () => {
  declareVisits();

  await ensureIndexes(database.connection);
  await ensureIndexes(database.connection);

  expect(await indexes()).toEqual(['_id_', 'at_1: 200 s', 'guest_1']);
});

test('When records are to live longer than an older release said, then they do, and no other index is touched', async () => {
  const visits = database.connection.collection('visits');
  await visits.createIndex({ at: 1 }, { expireAfterSeconds: 100 });
  await visits.createIndex({ room: 1 });
  declareVisits();

  await ensureIndexes(database.connection);

  expect(await indexes()).toEqual(['_id_', 'at_1: 200 s', 'guest_1', 'room_1']);
});
