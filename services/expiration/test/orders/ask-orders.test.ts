import { createHttpApp, createMetrics, NoAnswer, Problem, silentLog } from '@ticketing/common';
import { type InProcessDapr, inProcessDapr } from '@ticketing/common/testing';
import { Router } from 'express';
import { askOrders } from '../../src/orders/ask-orders';

let dapr: InProcessDapr;
beforeEach(() => {
  dapr = inProcessDapr();
});
afterEach(() => dapr.close());

async function asking(internalRoutes: Router) {
  await dapr.register('orders', createHttpApp({ log: silentLog, metrics: createMetrics('orders'), internalRoutes }));
  return askOrders(dapr.of('expiration').invoker);
}

test('When orders says that it does not know the order, then it is unknown', async () => {
  const statusOf = await asking(
    Router().get('/orders/:id', () => {
      throw new Problem(404, 'UnknownOrder', 'There is no such order.');
    }),
  );
  expect(await statusOf('order-1')).toBe('unknown');
});

test('When orders has no such route, then that is no answer, and no order is forgotten for it', async () => {
  const statusOf = await asking(Router());
  await expect(statusOf('order-1')).rejects.toThrow(NoAnswer);
});
