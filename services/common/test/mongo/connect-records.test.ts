import { randomUUID } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';
import {
  connectRecords,
  createMetrics,
  definitionOf,
  makeEvent,
  type OutboxDocument,
  type OutboxEntry,
  outboxEntry,
  outboxPlugin,
  silentLog,
  UserCreated,
} from '../../src';
import { inProcessDapr } from '../../src/testing';

interface Person extends OutboxDocument {
  email: string;
}

const personModel = (connection: Connection) => {
  const schema = new Schema<Person>({ _id: { type: String, required: true }, email: String });
  schema.index({ email: 1 }, { unique: true });
  schema.plugin(outboxPlugin);
  return connection.model<Person>('Person', schema);
};

const personEvent = (person: Person, entry: OutboxEntry) =>
  makeEvent(
    definitionOf(entry.type),
    { id: entry.id, subject: person._id, time: entry.at },
    { id: person._id, email: person.email, version: 1 },
  );

async function connected() {
  const dapr = inProcessDapr();
  const url = process.env.TEST_MONGO_URL;
  if (!url) throw new Error('no MongoDB was started for the tests');
  let draining = false;
  const records = await connectRecords(
    {
      config: { MONGO_URL: url },
      log: silentLog,
      metrics: createMetrics('auth'),
      dapr: dapr.of('auth'),
      clock: dapr.clock,
      checkNotDraining: () => {
        if (draining) throw new Error('the service is draining');
      },
    },
    {
      database: `connect-records-${randomUUID().slice(0, 8)}`,
      models: (connection) => ({ people: personModel(connection) }),
      outbox: ({ people }) => ({
        model: people,
        topic: 'users',
        toEvent: personEvent,
      }),
    },
  );
  return {
    dapr,
    records,
    drain: () => {
      draining = true;
    },
    async end() {
      await records.models.people.db.dropDatabase();
      await records.close();
      await dapr.close();
    },
  };
}

const ada = (at: Date) => ({ _id: 'ada', email: 'ada@example.com', outbox: [outboxEntry(UserCreated, '1', at)] });

describe('the records of a service', () => {
  test('When it starts, then indexes are there, and what is stored is told', async () => {
    const { dapr, records, end } = await connected();
    const person = await records.models.people.create(ada(dapr.clock.now()));

    await expect(records.models.people.create({ ...ada(dapr.clock.now()), _id: 'eve' })).rejects.toThrow('duplicate');
    records.outbox.announce(person);
    await records.outbox.flush();

    expect(dapr.published.map(({ event }) => event.subject)).toEqual(['ada']);
    await end();
  });

  test('When it drains or has lost its database, then it is not ready, and says which', async () => {
    const { records, drain, dapr } = await connected();
    expect(() => records.checkReady()).not.toThrow();

    await records.models.people.db.dropDatabase();
    await records.close();
    expect(() => records.checkReady()).toThrow('MongoDB is not connected');

    drain();
    expect(() => records.checkReady()).toThrow('draining');
    await dapr.close();
  });
});
