import { waitUntil } from '@ticketing/common/testing';
import {
  authorised,
  cancelOrder,
  captured,
  cards,
  confirm,
  intentOf,
  intentsOf,
  opened,
  orderCancelled,
  placeOrder,
  postPayment,
  publishedOf,
  reconcileAfterMs,
  sharedPayments,
  stored,
  tellCancelled,
} from '../start-payments';

const running = sharedPayments();

describe('When an order is cancelled', () => {
  test('before its payment was opened, then it stands closed, and cannot be opened any more', async () => {
    const order = placeOrder(running);
    await cancelOrder(running, order);
    expect(await stored(running, order)).toMatchObject({ state: 'closed', charges: [], userId: order.userId });
    order.status = 'AwaitingPayment';
    expect((await postPayment(running, order)).status).toBe(409);
    expect(await intentsOf(running, order)).toEqual([]);
  });

  test('while the payment is open, then the PaymentIntent is cancelled and no card can be charged by it', async () => {
    const order = placeOrder(running);
    const payment = await opened(running, order);
    await cancelOrder(running, order);
    expect((await intentOf(running, order)).status).toBe('canceled');
    expect((await confirm(running, payment, cards.approved)).error).toBeDefined();
    expect((await publishedOf(running, order)).at(-1)).toMatchObject({
      type: 'charge.failed',
      data: { reason: 'closed', final: true, stripeId: null },
    });
  });

  test('while a card is authorised, then the authorisation is released', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    await cancelOrder(running, order);
    expect(await intentOf(running, order)).toMatchObject({ status: 'canceled', amount_received: 0 });
    expect((await publishedOf(running, order)).at(-1)?.data).toMatchObject({
      reason: 'voided',
      final: true,
      stripeId: expect.stringMatching(/^ch_/),
    });
  });

  test('though the money was captured, then it is given back, once', async () => {
    const order = placeOrder(running);
    await captured(running, order);
    await cancelOrder(running, order);
    await cancelOrder(running, order);
    const { data: refunds } = await running.stripe.refunds.list({
      payment_intent: (await intentOf(running, order)).id,
    });
    expect(refunds.map(({ amount }) => amount)).toEqual([order.price]);
    const refunded = (await publishedOf(running, order)).filter(({ type }) => type === 'charge.refunded');
    expect(refunded.map(({ data }) => [data.status, data.stripeRefundId])).toEqual([['Completed', refunds[0]?.id]]);
  });

  test('and the refund’s answer is lost, then it is given back once all the same', async () => {
    const order = placeOrder(running);
    await captured(running, order);
    await running.misbehave({ kind: 'server-error', operation: 'refunds.create', times: 1, workDone: true });
    await cancelOrder(running, order);
    const { data: refunds } = await running.stripe.refunds.list({
      payment_intent: (await intentOf(running, order)).id,
    });
    expect(refunds).toHaveLength(1);
    expect((await stored(running, order)).state).toBe('refunded');
  });

  test('and Stripe does not answer, then the event is done, and the reconciler cancels the PaymentIntent', async () => {
    const order = placeOrder(running);
    await opened(running, order);
    await running.misbehave({ kind: 'rate-limit', operation: 'payment_intents.*' });
    await cancelOrder(running, order);
    expect(running.dapr.deadLetters).toEqual([]);
    expect((await stored(running, order)).state).toBe('closing');
    await running.behave();
    expect((await intentOf(running, order)).status).toBe('requires_payment_method');
    running.dapr.clock.advance(reconcileAfterMs);
    await running.reconcile();
    expect((await intentOf(running, order)).status).toBe('canceled');
    expect((await stored(running, order)).state).toBe('closed');
  });

  test('and Stripe is slow, then the event is done before Stripe is, and the drain waits for Stripe', async () => {
    const order = placeOrder(running);
    await opened(running, order);
    await running.misbehave({ kind: 'delay', operation: 'payment_intents.*', ms: 500 });
    await tellCancelled(running, order);
    expect((await stored(running, order)).state).toBe('closing');
    await running.deps.work.stop();
    expect((await stored(running, order)).state).toBe('closed');
    expect((await intentOf(running, order)).status).toBe('canceled');
  });

  test('while the PaymentIntent is being made, then whoever is later cancels it', async () => {
    const order = placeOrder(running);
    await running.misbehave({ kind: 'delay', operation: 'payment_intents.create', times: 1, ms: 300 });
    const [answer] = await Promise.all([postPayment(running, order), cancelledOnceWritten(order)]);
    expect(answer.status).toBe(409);
    running.dapr.clock.advance(reconcileAfterMs);
    await running.reconcile();
    expect((await intentsOf(running, order)).map(({ status }) => status)).toEqual(['canceled']);
    expect((await stored(running, order)).state).toBe('closed');
  });

  const cancelledOnceWritten = async (order: Parameters<typeof cancelOrder>[1]) => {
    await waitUntil(() => running.model.findById(order.id), { what: 'the written charge', everyMs: 5 });
    await cancelOrder(running, order);
  };
});

test('When the event breaks its contract, then it goes to the dead letters and changes nothing', async () => {
  const order = placeOrder(running);
  await opened(running, order);
  const event = orderCancelled(order);
  const broken = { ...event, data: { ...event.data, price: 'free' } };
  await running.dapr.of('orders').events.publish('orders', [broken as never]);
  await running.dapr.settle();
  expect(running.dapr.deadLetters.map(({ reason }) => reason)).toEqual(['dropped']);
  expect((await stored(running, order)).state).toBe('open');
});
