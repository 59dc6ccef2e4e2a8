import { createHttpApp, createMetrics, NoAnswer, newId, silentLog } from '@ticketing/common';
import { type InProcessDapr, inProcessDapr } from '@ticketing/common/testing';
import { Router } from 'express';
import { askOrders } from '../../src/orders/ask-orders';
import { authorised, intentOf, placeOrder, settle, startPayments, stored } from '../start-payments';

let dapr: InProcessDapr;
afterEach(() => dapr.close());

describe('When orders has no such route, as another version or a wrong address would', () => {
  test('then that is no answer, and never a no', async () => {
    dapr = inProcessDapr();
    const log = silentLog;
    const app = createHttpApp({ log, metrics: createMetrics('orders'), internalRoutes: Router() });
    await dapr.register('orders', app);
    const orders = askOrders(dapr.of('payments').invoker);
    await expect(orders.beginCapture(newId())).rejects.toThrow(NoAnswer);
    await expect(orders.find(newId())).rejects.toThrow(NoAnswer);
  });
});

describe('When orders does not know the order', () => {
  test('then there is none, and it may not be captured: the card is released', async () => {
    const running = await startPayments();
    dapr = running.dapr;
    try {
      const order = placeOrder(running);
      await authorised(running, order);
      running.orders.delete(order.id);
      expect(await running.deps.orders.find(order.id)).toBeNull();
      expect((await settle(running, order)).body.reason).toBe('voided');
      expect((await stored(running, order)).state).toBe('closed');
      expect((await intentOf(running, order)).status).toBe('canceled');
    } finally {
      await running.close();
    }
  });
});
