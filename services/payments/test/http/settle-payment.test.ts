import { approveAuthentication } from '../../../../dapr/local/src/stripe-simulator';
import {
  authorised,
  cancelOrder,
  captured,
  cards,
  confirm,
  holdMs,
  intentOf,
  listCharges,
  opened,
  placeOrder,
  postPayment,
  publishedOf,
  settle,
  sharedPayments,
  stored,
} from '../start-payments';

const running = sharedPayments();

describe('When a buyer has confirmed a card', () => {
  test('then settling captures the money, once orders has said yes, and tells it', async () => {
    const order = placeOrder(running, { price: 7300 });
    await authorised(running, order);
    const answer = await settle(running, order);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      id: expect.any(String),
      orderId: order.id,
      status: 'Completed',
      amount: 7300,
      currency: 'usd',
      stripeId: expect.stringMatching(/^ch_/),
      stripeRefundId: null,
    });
    expect(order.status).toBe('Capturing');
    expect((await intentOf(running, order)).amount_received).toBe(7300);
    const [created, completed, ...others] = await publishedOf(running, order);
    expect(others).toEqual([]);
    expect(created).toMatchObject({ type: 'charge.created', data: { status: 'Created', stripeId: null, version: 1 } });
    expect(completed).toMatchObject({
      type: 'charge.completed',
      data: { id: answer.body.id, status: 'Completed', amount: 7300, userId: order.userId },
    });
  });

  test('then settling again, and at the same time, answers the same and captures once', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    const answers = await Promise.all(Array.from({ length: 5 }, () => settle(running, order)));
    answers.push(await settle(running, order));
    expect(answers.map(({ status, body }) => [status, body.status])).toEqual(Array(6).fill([200, 'Completed']));
    expect((await publishedOf(running, order)).map(({ type }) => type)).toEqual(['charge.created', 'charge.completed']);
  });

  test('then nothing is captured when orders says no: the authorisation is released', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    running.dapr.clock.advance(holdMs);
    const answer = await settle(running, order);
    expect(answer.body).toMatchObject({ status: 'Failed', reason: 'voided', message: expect.any(String) });
    expect(await intentOf(running, order)).toMatchObject({ status: 'canceled', amount_received: 0 });
    const failed = (await publishedOf(running, order)).at(-1);
    expect(failed).toMatchObject({ type: 'charge.failed', data: { reason: 'voided', final: true } });
  });

  test.each(['loseRequest', 'loseAnswer'] as const)(
    'then no answer from orders (%s) is not a no: 503, nothing voided, and the next settle captures',
    async (fault) => {
      const order = placeOrder(running);
      await authorised(running, order);
      running.dapr.faults = { invoke: (_from, { path }) => (path.endsWith('begin-capture') ? fault : undefined) };
      const undecided = await settle(running, order);
      expect(undecided.status).toBe(503);
      expect(undecided.headers['retry-after']).toBe('2');
      expect(undecided.body.type).toBe('/problems/PaymentUndecided');
      expect(await intentOf(running, order)).toMatchObject({ status: 'requires_capture' });
      running.dapr.faults = {};
      expect((await settle(running, order)).body.status).toBe('Completed');
    },
  );
});

test("When a charge's id is given for the payment's, then it settles all the same, for its buyer alone", async () => {
  const order = placeOrder(running);
  await authorised(running, order);
  const { charges } = await stored(running, order);
  const charge = { id: String(charges[0]?.id), userId: order.userId };
  expect((await settle(running, { ...charge, userId: 'f'.repeat(24) })).status).toBe(404);
  expect((await intentOf(running, order)).status).toBe('requires_capture');
  expect((await settle(running, charge)).body).toMatchObject({ id: charge.id, orderId: order.id, status: 'Completed' });
});

describe('When a card is declined', () => {
  test('then settling tells why, and another card may pay', async () => {
    const order = placeOrder(running);
    const payment = await opened(running, order);
    await confirm(running, payment, cards.insufficientFunds);
    const declined = await settle(running, order);
    expect(declined.status).toBe(200);
    expect(declined.body).toMatchObject({
      status: 'Failed',
      reason: 'insufficient_funds',
      message: 'The card has insufficient funds. Try another card.',
    });
    await settle(running, order);
    await confirm(running, payment, cards.approved);
    expect((await settle(running, order)).body.status).toBe('Completed');
    const told = await publishedOf(running, order);
    expect(told.map(({ type, data }) => [type, data.final])).toEqual([
      ['charge.created', undefined],
      ['charge.failed', false],
      ['charge.completed', undefined],
    ]);
    expect(new Set(told.slice(1).map(({ data }) => data.id)).size).toBe(2);
  });

  test('then the third time ends the payment: told as final once, and no card is taken any more', async () => {
    const order = placeOrder(running);
    const payment = await opened(running, order);
    for (const card of [cards.declined, cards.insufficientFunds, cards.declined]) {
      await confirm(running, payment, card);
      await Promise.all([settle(running, order), settle(running, order)]);
    }
    const failures = (await publishedOf(running, order)).filter(({ type }) => type === 'charge.failed');
    expect(failures.map(({ data }) => [data.reason, data.final])).toEqual([
      ['generic_decline', false],
      ['insufficient_funds', false],
      ['generic_decline', true],
    ]);
    expect(new Set(failures.map(({ id }) => id)).size).toBe(3);
    expect(new Set(failures.map(({ data }) => data.stripeId)).size).toBe(3);
    expect((await intentOf(running, order)).status).toBe('canceled');
    expect((await confirm(running, payment, cards.approved)).error?.code).toBe('payment_intent_unexpected_state');
    expect((await settle(running, order)).body).toMatchObject({
      status: 'Failed',
      message: 'The card was declined. This was the last attempt.',
    });
    const { items } = (await listCharges(running, order)).body as { items: { message: string }[] };
    expect(items.map(({ message }) => message)).toEqual([
      'The card was declined. Try another card.',
      'The card has insufficient funds. Try another card.',
      'The card was declined. This was the last attempt.',
    ]);
    const again = await postPayment(running, order);
    expect([again.status, again.body.type]).toEqual([409, '/problems/PaymentDeclined']);
  });

  test('then declines that were never settled are found and counted with the next', async () => {
    const order = placeOrder(running);
    const payment = await opened(running, order);
    for (let n = 0; n < 3; n++) await confirm(running, payment, cards.declined);
    expect((await settle(running, order)).body.status).toBe('Failed');
    expect((await stored(running, order)).charges.map(({ status }) => status)).toEqual(['Failed', 'Failed', 'Failed']);
    expect((await stored(running, order)).state).toBe('closed');
  });
});

test('When the bank asks the buyer, then settling leaves the charge open until the bank is answered', async () => {
  const order = placeOrder(running);
  const payment = await opened(running, order);
  await confirm(running, payment, cards.asksForAuthentication);
  expect((await settle(running, order)).body).toMatchObject({ status: 'Created', stripeId: null });
  await approveAuthentication({ url: running.stripeUrl, ...payment });
  expect((await settle(running, order)).body.status).toBe('Completed');
});

describe('When Stripe fails in the middle of a capture', () => {
  test.each([
    ['works, then loses both answers', { kind: 'lose-answer', times: 2 }],
    ['answers 500 without having worked', { kind: 'server-error', times: 2 }],
    ['answers 500 having worked', { kind: 'server-error', times: 2, workDone: true }],
    ['is too busy', { kind: 'rate-limit', times: 1 }],
  ] as const)('and %s, then the money is captured once', async (_what, fault) => {
    const order = placeOrder(running);
    await authorised(running, order);
    await running.misbehave({ ...fault, operation: 'payment_intents.capture' });
    const first = await settle(running, order);
    expect([200, 503]).toContain(first.status);
    expect((await settle(running, order)).body.status).toBe('Completed');
    expect((await publishedOf(running, order)).filter(({ type }) => type === 'charge.completed')).toHaveLength(1);
    expect((await intentOf(running, order)).amount_received).toBe(order.price);
  });

  test('and is silent for long, then the buyer is told to ask again, and the reconciler captures', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    await running.misbehave({ kind: 'rate-limit', operation: 'payment_intents.capture' });
    expect((await settle(running, order)).status).toBe(503);
    expect((await stored(running, order)).state).toBe('capturing');
    await running.behave();
    running.dapr.clock.advance(20_000);
    await running.reconcile();
    expect((await settle(running, order)).body.status).toBe('Completed');
  });
});

test('When Stripe takes the authorisation back after the yes, then the payment is closed and told as final', async () => {
  const order = placeOrder(running);
  await authorised(running, order);
  await running.misbehave({ kind: 'rate-limit', operation: 'payment_intents.capture' });
  await settle(running, order);
  await running.behave();
  await running.stripe.paymentIntents.cancel((await intentOf(running, order)).id);
  expect((await settle(running, order)).body).toMatchObject({ status: 'Failed', reason: 'authorisation_lapsed' });
  expect((await publishedOf(running, order)).at(-1)?.data).toMatchObject({ final: true });
});

test("When somebody else settles, or after the order's end, then they learn nothing and change nothing", async () => {
  const order = placeOrder(running);
  await captured(running, order);
  expect((await settle(running, { ...order, userId: 'f'.repeat(24) })).status).toBe(404);
  const never = placeOrder(running);
  await cancelOrder(running, never);
  expect((await settle(running, never)).status).toBe(404);
});
