import { newId } from '@ticketing/common';
import {
  authorised,
  cancelOrder,
  captured,
  intentOf,
  opened,
  placeOrder,
  settle,
  sharedPayments,
  stored,
} from '../start-payments';

const running = sharedPayments();

const askAs = (app: string, id: string) =>
  running.dapr.of(app).invoker.invoke({ app: 'payments', method: 'GET', path: `internal/payments/outcome/${id}` });
const outcomeOf = async (id: string) => ((await askAs('orders', id)).body as { outcome: string }).outcome;

describe('When orders asks what became of an order that captures for long', () => {
  test('then a captured payment is captured', async () => {
    const order = placeOrder(running);
    await captured(running, order);
    expect(await outcomeOf(order.id)).toBe('captured');
  });

  test('then one that is authorised is captured now', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    order.status = 'Capturing';
    expect(await outcomeOf(order.id)).toBe('captured');
    expect((await intentOf(running, order)).status).toBe('succeeded');
  });

  test('then one that Stripe cancelled is closed', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    order.status = 'Capturing';
    await running.stripe.paymentIntents.cancel((await intentOf(running, order)).id);
    expect(await outcomeOf(order.id)).toBe('closed');
    expect((await stored(running, order)).state).toBe('closed');
  });

  test('then one that has no authorisation is closed for good, at Stripe too', async () => {
    const order = placeOrder(running);
    await opened(running, order);
    order.status = 'Capturing';
    expect(await outcomeOf(order.id)).toBe('closed');
    expect((await intentOf(running, order)).status).toBe('canceled');
  });

  test('then one that was never opened is written closed', async () => {
    const order = placeOrder(running, { status: 'Capturing' });
    expect(await outcomeOf(order.id)).toBe('closed');
    expect((await stored(running, order)).state).toBe('closed');
  });

  test('then it is pending while Stripe does not say, and captured afterwards', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    order.status = 'Capturing';
    await running.misbehave({ kind: 'rate-limit', operation: 'payment_intents.*' });
    expect(await outcomeOf(order.id)).toBe('pending');
    await running.behave();
    expect(await outcomeOf(order.id)).toBe('captured');
  });

  test('then an answer comes in time though Stripe is slow, and the work goes on behind it', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    order.status = 'Capturing';
    await running.misbehave({ kind: 'delay', operation: 'payment_intents.*', ms: 1_500 });
    await running.misbehave({ kind: 'delay', operation: 'charges.*', ms: 1_500 });
    expect(await outcomeOf(order.id)).toBe('pending');
    await running.idle();
    expect((await stored(running, order)).state).toBe('captured');
  });
});

test('When the order still awaits payment, then asking closes nothing', async () => {
  const order = placeOrder(running);
  await opened(running, order);
  expect(await outcomeOf(order.id)).toBe('pending');
  expect((await stored(running, order)).state).toBe('open');
  expect(await outcomeOf(newId())).toBe('pending');
});

test('When the payment is closed, then so it is told', async () => {
  const order = placeOrder(running);
  await opened(running, order);
  await cancelOrder(running, order);
  expect(await outcomeOf(order.id)).toBe('closed');
  expect((await settle(running, order)).body.reason).toBe('closed');
});

test('When anybody but orders asks, then they are refused', async () => {
  expect((await askAs('tickets', newId())).status).toBe(403);
  expect((await askAs('orders', 'not-an-id')).status).toBe(404);
});
