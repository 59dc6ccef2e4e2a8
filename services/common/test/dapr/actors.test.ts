import express, { type ErrorRequestHandler } from 'express';
import request from 'supertest';
import { mountActors } from '../../src/dapr/actors';
import type { ActorDefinition } from '../../src/dapr/dapr';
import type { Sidecar } from '../../src/dapr/sidecar';

const address = { host: '127.0.0.1', httpPort: 9 };
const noSidecar: Sidecar = {
  request: () => Promise.reject(new Error('no sidecar is asked here')),
  close: async () => undefined,
};
const bell: ActorDefinition = {
  type: 'Bell',
  methods: { ring: async () => undefined },
  onReminder: async () => undefined,
};

async function startActors() {
  const failures: unknown[] = [];
  const app = express();
  await mountActors(app, [bell], noSidecar, address);
  const onError: ErrorRequestHandler = (error, _req, res, _next) => {
    failures.push(error);
    res.sendStatus(500);
  };
  app.use(onError);
  return { app, failures };
}

describe('actors', () => {
  test('When an actor is let go that this process never had, then that is no failure', async () => {
    const { app, failures } = await startActors();

    await request(app).delete('/actors/Bell/one').expect(200);

    expect(failures).toEqual([]);
  });

  test('When an actor is let go that this process has, then it is gone', async () => {
    const { app, failures } = await startActors();
    await request(app).put('/actors/Bell/two/method/ring').expect(200);

    await request(app).delete('/actors/Bell/two').expect(200);

    expect(failures).toEqual([]);
  });

  test('When another failure happens, then it is told', async () => {
    const { app, failures } = await startActors();

    await request(app).delete('/actors/Gong/one').expect(500);

    expect(failures).toHaveLength(1);
  });
});
