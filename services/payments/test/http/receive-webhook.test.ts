import { newId } from '@ticketing/common';
import { waitUntil } from '@ticketing/common/testing';
import request from 'supertest';
import {
  authorised,
  captured,
  cards,
  confirm,
  intentOf,
  opened,
  placeOrder,
  publishedOf,
  reconcileAfterMs,
  settle,
  sharedPayments,
  stored,
} from '../start-payments';

const running = sharedPayments({ webhooks: true });

interface Told {
  id?: string;
  type?: string;
  object?: Record<string, unknown>;
}

const eventOf = ({ id = `evt_${newId()}`, type = 'payment_intent.succeeded', object = {} }: Told) =>
  JSON.stringify({ id, object: 'event', type, data: { object } });

const nowSeconds = () => Math.floor(running.dapr.clock.now().getTime() / 1000);

const signed = (payload: string, secret = 'whsec_x', timestamp = nowSeconds()) =>
  running.stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });

const post = (payload: string, signature: string) =>
  request(running.app)
    .post('/api/payments/webhook')
    .set('Content-Type', 'application/json')
    .set('Stripe-Signature', signature)
    .send(payload);

const webhookRows = () => running.database.connection.collection('webhook_events').find({}).toArray();

describe('When Stripe tells by webhook', () => {
  test('that the card is authorised, then the money is captured though the browser never settles', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    await waitUntil(async () => (await stored(running, order)).state === 'captured', { what: 'the capture' });
    expect((await settle(running, order)).body.status).toBe('Completed');
  });

  test('that a card was declined, as settle does, many times and in disorder, then the decline is counted once', async () => {
    await running.misbehave({ kind: 'repeat-webhook', copies: 3 });
    const order = placeOrder(running);
    const payment = await opened(running, order);
    for (const card of [cards.declined, cards.insufficientFunds]) {
      await confirm(running, payment, card);
      await Promise.all([settle(running, order), settle(running, order)]);
    }
    await waitUntil(async () => (await stored(running, order)).charges.length === 2);
    await running.idle();
    const failed = (await publishedOf(running, order)).filter(({ type }) => type === 'charge.failed');
    expect(new Set(failed.map(({ data }) => data.stripeId)).size).toBe(2);
    expect(new Set(failed.map(({ id }) => id)).size).toBe(2);
    expect((await stored(running, order)).state).toBe('open');
  });

  test('that an operator refunded, then the refund is told, and the order stays as it is', async () => {
    const order = placeOrder(running);
    await captured(running, order);
    order.status = 'Completed';
    const refund = await running.stripe.refunds.create({ payment_intent: (await intentOf(running, order)).id });
    await waitUntil(async () => (await stored(running, order)).state === 'refunded', { what: 'the refund' });
    expect((await publishedOf(running, order)).at(-1)).toMatchObject({
      type: 'charge.refunded',
      data: { status: 'Completed', stripeRefundId: refund.id },
    });
  });
});

describe('When an event names no order', () => {
  test.each(['refund.failed', 'charge.refund.updated'])(
    'but its PaymentIntent, as %s of a refund made by hand does, then its payment is looked at',
    async (type) => {
      const order = placeOrder(running);
      await captured(running, order);
      const { id } = await intentOf(running, order);
      await running.misbehave({ kind: 'drop-webhook' });
      const refund = await running.stripe.refunds.create({ payment_intent: id });
      expect(refund.metadata).toEqual({});
      await running.idle();
      expect((await stored(running, order)).state).toBe('captured');
      const payload = eventOf({ type, object: { id: refund.id, object: 'refund', payment_intent: id, metadata: {} } });
      expect((await post(payload, signed(payload))).status).toBe(200);
      await running.idle();
      expect((await stored(running, order)).state).toBe('refunded');
    },
  );

  test('and a PaymentIntent of another shop, then it is acknowledged and forgotten', async () => {
    const before = await webhookRows();
    const payload = eventOf({ type: 'refund.failed', object: { payment_intent: 'pi_of_another_shop', metadata: {} } });
    expect((await post(payload, signed(payload))).body).toEqual({ received: true });
    expect(await webhookRows()).toEqual(before);
  });
});

describe('When a webhook lies', () => {
  test('in its body about the state, then Stripe is asked, and nothing is captured or completed', async () => {
    const order = placeOrder(running);
    await opened(running, order);
    const { id } = await intentOf(running, order);
    const metadata = { orderId: order.id };
    const payload = eventOf({ object: { id, object: 'payment_intent', status: 'succeeded', metadata } });
    expect((await post(payload, signed(payload))).status).toBe(200);
    await running.idle();
    expect((await stored(running, order)).state).toBe('open');
    expect(order.beginCaptureCalls).toBe(0);
  });

  const oversized = eventOf({ object: { description: 'x'.repeat(300 * 1024) } });
  let ofLongAgo: { payload: string; signature: string };
  beforeAll(() => {
    const payload = eventOf({ object: { metadata: { orderId: newId() } } });
    ofLongAgo = { payload, signature: signed(payload) };
    running.dapr.clock.advance(301_000);
  });

  const forgeries: [what: string, send: (payload: string) => request.Test][] = [
    ['signed with another secret', (payload) => post(payload, signed(payload, 'whsec_other'))],
    ['signed for another body', (payload) => post(payload, signed(`${payload} `))],
    ['signed too long ago', (payload) => post(payload, signed(payload, 'whsec_x', nowSeconds() - 301))],
    ['dated ahead', (payload) => post(payload, signed(payload, 'whsec_x', nowSeconds() + 301))],
    ...['null', '[]', '{}', '{"id":{},"type":"t","data":{"object":{}}}', '{"id":"e","type":"t"}'].map(
      (body): [string, () => request.Test] => [`signed, and no event: ${body}`, () => post(body, signed(body))],
    ),
    ['not signed', (payload) => request(running.app).post('/api/payments/webhook').send(payload)],
    ['signed with rubbish', (payload) => post(payload, 't=x,v1=,v1=%F0,v0')],
    ['empty', () => request(running.app).post('/api/payments/webhook')],
    ['larger than any of Stripe’s', () => post(oversized, signed(oversized))],
    ['one of ours of long ago, sent again', () => post(ofLongAgo.payload, ofLongAgo.signature)],
  ];
  test.each(forgeries)('being %s, then 400, logged once, and nothing is stored or done', async (_what, send) => {
    const before = await webhookRows();
    const order = placeOrder(running);
    const refusals = jest.spyOn(running.deps.log, 'warn');
    const payload = eventOf({ object: { metadata: { orderId: order.id } } });
    const answer = await send(payload);
    expect([answer.status, answer.body.type]).toEqual([400, '/problems/InvalidSignature']);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body.detail).toBe('This is not signed by Stripe, or too long ago.');
    expect(await webhookRows()).toEqual(before);
    expect(refusals.mock.calls.map(([, message]) => message)).toEqual(['refused a webhook']);
    refusals.mockRestore();
  });

  test.each([
    ['of a kind we do not know', { type: 'customer.created', object: { metadata: { orderId: newId() } } }],
    [
      'of a refund, of which charge.refunded tells',
      { type: 'refund.created', object: { metadata: { orderId: newId() } } },
    ],
    ['about another shop of the same account', { object: { metadata: {} } }],
    ['about an order that cannot be one', { object: { metadata: { orderId: '{"$gt":""}' } } }],
    ['about nothing', { object: {} }],
  ])('being %s, then it is acknowledged and forgotten', async (_what, told) => {
    const before = await webhookRows();
    const payload = eventOf(told);
    expect((await post(payload, signed(payload))).body).toEqual({ received: true });
    expect(await webhookRows()).toEqual(before);
  });

  test('about an order without a payment, then it is acknowledged, and no payment comes of it', async () => {
    const orderId = newId();
    const payload = eventOf({ object: { metadata: { orderId } } });
    expect((await post(payload, signed(payload))).status).toBe(200);
    await running.idle();
    expect(await running.model.findById(orderId)).toBeNull();
  });
});

describe('When the same event comes again', () => {
  test('then it is acknowledged and not worked on again', async () => {
    const order = placeOrder(running);
    await opened(running, order);
    const payload = eventOf({ id: 'evt_again', object: { metadata: { orderId: order.id } } });
    for (let n = 0; n < 3; n++) expect((await post(payload, signed(payload))).status).toBe(200);
    await running.idle();
    expect((await webhookRows()).filter(({ _id }) => String(_id) === 'evt_again')).toHaveLength(1);
  });
});

describe('When the process dies after its 200', () => {
  test('then the event is still stored as work, and the reconciler does it once it is old enough', async () => {
    const order = placeOrder(running);
    const payment = await opened(running, order);
    // Orders is away: what the webhook begins is not finished, as if the process had died.
    running.dapr.faults = { invoke: () => 'loseRequest' };
    await confirm(running, payment, cards.approved);
    await waitUntil(async () => (await webhookRows()).some((row) => row.orderId === order.id && row.dueAt));
    await running.idle();
    expect((await stored(running, order)).state).toBe('open');
    running.dapr.faults = {};
    running.dapr.clock.advance(reconcileAfterMs);
    await running.reconcile();
    expect((await stored(running, order)).state).toBe('captured');
    expect((await webhookRows()).filter((row) => row.orderId === order.id && row.dueAt)).toEqual([]);
  });
});
