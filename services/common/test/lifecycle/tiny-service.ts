// A service as small as can be, run as a process of its own by drain.test.ts.
import { Router } from 'express';
import { createHttpApp, makeEvent, runService, UserCreated } from '../../src';

runService({}, async ({ config, log, metrics, dapr, clock, checkNotDraining }) => {
  const unpublished: string[] = [];
  const routes = Router();
  routes.get('/wait', () => log.info('waiting'));
  routes.post('/work', async (_req, res) => {
    await dapr.invoker.invoke({ app: 'tickets', method: 'POST', path: 'internal/hold', body: {} });
    unpublished.push('done');
    res.status(201).json({ done: true });
  });
  const publishPending = {
    start: () => undefined,
    async stop() {
      for (const id of unpublished.splice(0)) {
        const stamp = { id, subject: id, time: clock.now() };
        await dapr.events.publish('users', [makeEvent(UserCreated, stamp, UserCreated.example)]);
      }
    },
  };
  const app = createHttpApp({ log, metrics, routes, appApiToken: config.APP_API_TOKEN, checkReady: checkNotDraining });
  const failing = { start: () => undefined, stop: () => Promise.reject(new Error('cannot be stopped')) };
  const background = process.env.LAST_WORK_FAILS ? [publishPending, failing] : [publishPending];
  return { app, background, close: async () => undefined };
});
