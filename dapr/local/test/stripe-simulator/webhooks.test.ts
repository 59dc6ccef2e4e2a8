import Stripe from 'stripe';
import { waitFor } from '../wait-for';
import { type OpenAccount, openAccount } from './open-account';
import { type OpenEndpoint, openEndpoint } from './open-endpoint';

let endpoint: OpenEndpoint;
let account: OpenAccount;
beforeEach(async () => {
  endpoint = await openEndpoint();
  account = await openAccount({ webhookUrl: endpoint.url, webhookRetryMs: 20 });
});
afterEach(async () => {
  await account.stop();
  await endpoint.stop();
});

const arrived = (count: number) => waitFor(() => endpoint.events.length >= count);

describe('what is announced', () => {
  it('tells a payment: created, authorised, captured, refunded', async () => {
    const intent = await account.createIntent({ metadata: { orderId: 'o-1' } }, { idempotencyKey: 'create' });
    await account.pay(intent);
    await account.stripe.paymentIntents.capture(intent.id);
    await account.stripe.refunds.create({ payment_intent: intent.id });
    await arrived(8);
    expect(endpoint.types().sort()).toEqual([
      'charge.captured',
      'charge.refunded',
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
      'payment_intent.created',
      'payment_intent.succeeded',
      'refund.created',
      'refund.updated',
    ]);
    const created = endpoint.events.find(({ type }) => type === 'payment_intent.created');
    expect(created).toMatchObject({
      object: 'event',
      livemode: false,
      data: { object: { id: intent.id, status: 'requires_payment_method', metadata: { orderId: 'o-1' } } },
      request: { id: expect.stringMatching(/^req_/), idempotency_key: 'create' },
    });
    const succeeded = endpoint.events.find(({ type }) => type === 'payment_intent.succeeded');
    expect(succeeded?.data.object).toMatchObject({ amount_received: 2000, status: 'succeeded' });
  });

  it('tells a decline, a question and a cancellation', async () => {
    const intent = await account.createIntent();
    await account.pay(intent, '4000000000000002');
    await account.pay(intent, '4000002500003155');
    await account.stripe.paymentIntents.cancel(intent.id);
    await arrived(5);
    expect(endpoint.types().sort()).toEqual([
      'charge.failed',
      'payment_intent.canceled',
      'payment_intent.created',
      'payment_intent.payment_failed',
      'payment_intent.requires_action',
    ]);
  });

  it('can be limited to what the endpoint wants, and is listed all the same', async () => {
    const choosy = await openAccount({ webhookUrl: endpoint.url, webhookEvents: ['payment_intent.canceled'] });
    const intent = await choosy.createIntent();
    await choosy.stripe.paymentIntents.cancel(intent.id);
    await arrived(1);
    expect(endpoint.types()).toEqual(['payment_intent.canceled']);
    const listed = await choosy.stripe.events.list();
    expect(listed.data.map(({ type }) => type)).toEqual(['payment_intent.canceled', 'payment_intent.created']);
    const only = await choosy.stripe.events.list({ type: 'payment_intent.created' });
    expect(only.data).toHaveLength(1);
    expect(await choosy.stripe.events.retrieve(only.data[0]?.id ?? '')).toEqual(only.data[0]);
    await choosy.stop();
  });
});

describe('delivery', () => {
  it('repeats what was not taken until it is', async () => {
    endpoint.answerNext(500, 404, 302);
    await account.createIntent();
    await arrived(1);
    expect(new Set(endpoint.attempts).size).toBe(1);
    expect(endpoint.attempts).toHaveLength(4);
    await waitFor(async () => (await account.stripe.events.list()).data[0]?.pending_webhooks === 0);
  });

  it('waits longer after each failure', async () => {
    endpoint.answerNext(500, 500, 500, 500);
    const begun = Date.now();
    await account.createIntent();
    await arrived(1);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(20 + 40 + 80 + 160 - 10);
  });

  it('is refused by the SDK when the secret is another', async () => {
    const { type, id } = await waitForEvent();
    const body = JSON.stringify({ id, type });
    const header = account.stripe.webhooks.generateTestHeaderString({ payload: body, secret: 'whsec_other' });
    expect(() => account.stripe.webhooks.constructEvent(body, header, 'whsec_test')).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
  });

  const waitForEvent = async () => {
    await account.createIntent();
    return waitFor(() => endpoint.events[0]);
  };
});

describe('misbehaving', () => {
  it('repeats', async () => {
    await account.misbehave({ kind: 'repeat-webhook', event: 'payment_intent.*', copies: 2, times: 1 });
    await account.createIntent();
    await arrived(3);
    expect(new Set(endpoint.events.map(({ id }) => id)).size).toBe(1);
  });

  it('drops: the event never comes, but can be listed', async () => {
    await account.misbehave({ kind: 'drop-webhook', event: 'payment_intent.created', times: 1 });
    const dropped = await account.createIntent();
    const second = await account.createIntent();
    await arrived(1);
    expect(endpoint.events[0]?.data.object).toMatchObject({ id: second.id });
    const listed = await account.stripe.events.list();
    expect(listed.data.map(({ data }) => (data.object as { id: string }).id)).toContain(dropped.id);
    expect(listed.data.every(({ pending_webhooks }) => pending_webhooks === 0)).toBe(true);
  });

  it('reorders: the next event comes first', async () => {
    await account.misbehave({ kind: 'reorder-webhook', event: 'payment_intent.created', times: 1, ms: 10_000 });
    const intent = await account.createIntent();
    await account.stripe.paymentIntents.cancel(intent.id);
    await arrived(2);
    expect(endpoint.types()).toEqual(['payment_intent.canceled', 'payment_intent.created']);
  });

  it('reorders the last event too, after its time', async () => {
    await account.misbehave({ kind: 'reorder-webhook', times: 1, ms: 50 });
    await account.createIntent();
    await arrived(1);
  });

  it('delays', async () => {
    await account.misbehave({ kind: 'delay-webhook', event: 'payment_intent.created', times: 1, ms: 200 });
    const begun = Date.now();
    await account.createIntent();
    await arrived(1);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(195);
  });
});
