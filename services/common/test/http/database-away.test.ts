// What a person is told while the service cannot reach its records.
import { Router } from 'express';
import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { createHttpApp, createMetrics, silentLog } from '../../src';
import { type DoorToMongo, doorToMongo, type TestDatabase, testDatabase } from '../../src/testing';

let database: TestDatabase;
let door: DoorToMongo;
beforeAll(async () => {
  database = await testDatabase();
  door = await doorToMongo(database);
});
afterAll(async () => {
  await door.close();
  await database.close();
});

test('When the database breaks off and is away, then it is 503 and when to try again; back again, it works', async () => {
  let whenAsked: () => void = () => undefined;
  const routes = Router();
  routes.post('/things', async (_req, res) => {
    whenAsked();
    await door.connection.collection('things').insertOne({});
    res.status(201).json({});
  });
  routes.post('/same', async (_req, res) => {
    await door.connection.collection<{ _id: string }>('things').insertOne({ _id: 'same' });
    res.status(201).json({});
  });
  const app = createHttpApp({ log: silentLog, metrics: createMetrics('test'), routes });
  const post = (path: string) => request(app).post(path);
  expect((await post('/api/things')).status).toBe(201);

  whenAsked = door.shut;
  for (const outage of ['breaks off', 'is away']) {
    const answer = await post('/api/things');
    const { detail } = expectProblem(answer, 503, 'DatabaseUnavailable');
    expect([outage, detail]).toEqual([outage, expect.stringContaining('Try again in a moment')]);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.text).not.toMatch(/mongo|ECONN|127\.0\.0\.1/i);
  }

  whenAsked = () => undefined;
  door.open();
  expect((await post('/api/same')).status).toBe(201);
  // What the database itself refuses is a fault of ours.
  expectProblem(await post('/api/same'), 500, 'InternalError');
}, 30_000);
