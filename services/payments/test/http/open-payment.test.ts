import { newId } from '@ticketing/common';
import {
  authorised,
  cancelOrder,
  captured,
  cards,
  confirm,
  holdMs,
  intentOf,
  intentsOf,
  opened,
  placeOrder,
  postPayment,
  publishedOf,
  settle,
  sharedPayments,
  stored,
} from '../start-payments';

const running = sharedPayments();

describe('When a buyer opens the payment of an order', () => {
  test('then the charge is written and Stripe is asked for cards only, captured by hand, at the price as held', async () => {
    const order = placeOrder(running, { price: 12_345 });
    const answer = await postPayment(running, order);
    expect(answer.status).toBe(201);
    const intent = await intentOf(running, order);
    expect(answer.body).toEqual({
      id: order.id,
      clientSecret: intent.client_secret,
      publishableKey: 'pk_test_x',
      amount: 12_345,
      currency: 'usd',
    });
    expect(intent).toMatchObject({
      amount: 12_345,
      currency: 'usd',
      capture_method: 'manual',
      allowed_payment_method_types: ['card'],
      metadata: { orderId: order.id, attempt: '1' },
    });
    expect(await stored(running, order)).toMatchObject({ state: 'open', attempt: 1, intentId: intent.id });
    expect((await publishedOf(running, order)).map(({ type }) => type)).toEqual(['charge.created']);
  });

  test('then asking again, and many times at once, gives the same payment and one PaymentIntent', async () => {
    const order = placeOrder(running);
    const answers = await Promise.all(Array.from({ length: 8 }, () => postPayment(running, order)));
    answers.push(await postPayment(running, order));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(await intentsOf(running, order)).toHaveLength(1);
    expect(await publishedOf(running, order)).toHaveLength(1);
  });

  test('then asking again once the card is authorised still gives the same payment', async () => {
    const order = placeOrder(running);
    const payment = await authorised(running, order);
    expect((await postPayment(running, order)).body).toEqual(payment);
  });

  test.each([
    ['loses the request', { kind: 'rate-limit', times: 1 }],
    ['works, then loses every answer', { kind: 'lose-answer', times: 2 }],
    ['answers 500 without having worked', { kind: 'server-error', times: 1 }],
    ['answers 500 having worked', { kind: 'server-error', times: 1, workDone: true }],
  ] as const)('and Stripe %s, then asking again finds or makes the one PaymentIntent', async (_what, fault) => {
    const order = placeOrder(running);
    await running.misbehave({ ...fault, operation: 'payment_intents.create' });
    const first = await postPayment(running, order);
    expect([201, 503]).toContain(first.status);
    const second = await postPayment(running, order);
    expect(second.status).toBe(201);
    expect((await intentOf(running, order)).client_secret).toBe(second.body.clientSecret);
  });

  test('and orders does not answer, then it is told to try again, and nothing is written', async () => {
    const order = placeOrder(running);
    running.dapr.faults = { invoke: () => 'loseAnswer' };
    const answer = await postPayment(running, order);
    expect([answer.status, answer.headers['retry-after'], answer.body.type]).toEqual([
      503,
      '2',
      '/problems/PaymentUndecided',
    ]);
    expect(await running.model.findById(order.id)).toBeNull();
  });
});

describe('When Stripe cancels the PaymentIntent while the order awaits payment', () => {
  test('then a new attempt gets a new one, and the money is captured by that', async () => {
    const order = placeOrder(running);
    const first = await opened(running, order);
    await running.stripe.paymentIntents.cancel((await intentOf(running, order)).id);
    expect((await settle(running, order)).body).toMatchObject({ status: 'Failed', reason: 'canceled' });
    const second = await opened(running, order);
    expect(second.id).toBe(first.id);
    expect(second.clientSecret).not.toBe(first.clientSecret);
    await confirm(running, second, cards.approved);
    expect((await settle(running, order)).body.status).toBe('Completed');
    expect((await intentsOf(running, order)).map(({ status }) => status)).toEqual(['succeeded', 'canceled']);
    expect((await publishedOf(running, order)).map(({ type, data }) => [type, data.final])).toEqual([
      ['charge.created', undefined],
      ['charge.failed', false],
      ['charge.created', undefined],
      ['charge.completed', undefined],
    ]);
  });

  test('then opening the payment again finds that out by itself', async () => {
    const order = placeOrder(running);
    await opened(running, order);
    await running.stripe.paymentIntents.cancel((await intentOf(running, order)).id);
    await opened(running, order);
    expect((await stored(running, order)).attempt).toBe(2);
  });
});

describe('When the order cannot be paid', () => {
  const refusals: [what: string, code: string, arrange: () => Promise<{ id: string; userId: string }>][] = [
    ['is not held yet', 'OrderNotHeld', async () => placeOrder(running, { status: 'Created', price: null })],
    ['is cancelled', 'OrderCancelled', async () => placeOrder(running, { status: 'Cancelled' })],
    ['is completed', 'OrderCompleted', async () => placeOrder(running, { status: 'Completed' })],
    [
      'is past its deadline',
      'OrderExpired',
      async () => placeOrder(running, { expiresAt: new Date(running.dapr.clock.now()).toISOString() }),
    ],
    [
      'was cancelled, and orders has not heard of it',
      'PaymentClosed',
      async () => {
        const order = placeOrder(running);
        await cancelOrder(running, order);
        order.status = 'AwaitingPayment';
        return order;
      },
    ],
    [
      'is captured',
      'OrderCompleted',
      async () => {
        const order = placeOrder(running);
        await captured(running, order);
        return order;
      },
    ],
  ];
  test.each(refusals)('because it %s, then 409 %s says what to do', async (_what, code, arrange) => {
    const order = await arrange();
    const before = await intentsOf(running, order);
    const answer = await postPayment(running, order);
    expect([answer.status, answer.body.type]).toEqual([409, `/problems/${code}`]);
    expect(answer.body.errors).toEqual([{ message: answer.body.detail }]);
    expect(await intentsOf(running, order)).toEqual(before);
  });

  test('because it is unknown, or not the buyer’s own, then 404 does not tell which', async () => {
    const order = placeOrder(running);
    const foreign = await postPayment(running, { ...order, userId: newId() });
    const unknown = await postPayment(running, { id: newId(), userId: newId() });
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(foreign.body.detail).toBe(unknown.body.detail);
    expect(await running.model.findById(order.id)).toBeNull();
  });

  test('because the window ran out while it was open, then it cannot be opened again', async () => {
    const order = placeOrder(running);
    await opened(running, order);
    running.dapr.clock.advance(holdMs);
    expect((await postPayment(running, order)).body.type).toBe('/problems/OrderExpired');
  });
});
