import { waitFor } from '../wait-for';
import { type OpenAccount, openAccount, refusalOf } from './open-account';

let account: OpenAccount;
let now = new Date();
beforeEach(async () => {
  now = new Date();
  account = await openAccount({ clock: { now: () => now } });
});
afterEach(() => account.stop());

const form = { amount: '2000', currency: 'usd', capture_method: 'manual' };
const withKey = (key: string) => ({ 'idempotency-key': key });
const countIntents = async () => (await account.stripe.paymentIntents.list({ limit: 100 })).data.length;

it('answers the same again, and does the work once', async () => {
  const first = await account.send('POST', '/v1/payment_intents', form, withKey('a'));
  const second = await account.send('POST', '/v1/payment_intents', form, withKey('a'));
  expect(second.body).toEqual(first.body);
  expect(first.headers['idempotent-replayed']).toBeUndefined();
  expect(second.headers['idempotent-replayed']).toBe('true');
  expect(await countIntents()).toBe(1);
});

it('compares parameters, not their order', async () => {
  await account.send('POST', '/v1/payment_intents', { amount: '2000', currency: 'usd' }, withKey('a'));
  const same = await account.send('POST', '/v1/payment_intents', { currency: 'usd', amount: '2000' }, withKey('a'));
  expect(same.status).toBe(200);
  const other = await account.send('POST', '/v1/payment_intents', { currency: 'usd', amount: '2001' }, withKey('a'));
  expect(other).toMatchObject({ status: 400, body: { error: { type: 'idempotency_error' } } });
  const elsewhere = await account.send('POST', '/v1/refunds', { currency: 'usd', amount: '2000' }, withKey('a'));
  expect(elsewhere).toMatchObject({ status: 400, body: { error: { type: 'idempotency_error' } } });
  const refusal = await refusalOf(account.createIntent({ amount: 5000 }, { idempotencyKey: 'a' }));
  expect(refusal.type).toBe('StripeIdempotencyError');
});

it('replays what the work refused, though it could be done by now', async () => {
  const intent = await account.createIntent();
  const early = await refusalOf(account.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: 'capture' }));
  expect(early.code).toBe('payment_intent_unexpected_state');
  await account.pay(intent);
  const replayed = await refusalOf(account.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: 'capture' }));
  expect(replayed.message).toBe(early.message);
  expect((await account.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: 'again' })).status).toBe(
    'succeeded',
  );
});

it('replays a declined card', async () => {
  const params = { payment_method: 'pm_card_visa_chargeDeclined', confirm: true };
  const first = await refusalOf(account.createIntent(params, { idempotencyKey: 'a' }));
  const second = await refusalOf(account.createIntent(params, { idempotencyKey: 'a' }));
  expect(second.charge).toBe(first.charge);
});

it('replays a server error for the key, and does the work under another', async () => {
  await account.misbehave({ kind: 'server-error', operation: 'payment_intents.create', times: 1 });
  expect((await account.send('POST', '/v1/payment_intents', form, withKey('a'))).status).toBe(500);
  const replayed = await account.send('POST', '/v1/payment_intents', form, withKey('a'));
  expect(replayed.status).toBe(500);
  expect(replayed.headers['idempotent-replayed']).toBe('true');
  expect((await account.send('POST', '/v1/payment_intents', form, withKey('b'))).status).toBe(200);
});

it('forgets what never began: bad parameters, a rate limit, a wrong key', async () => {
  const wrong = { ...form, amount: 'x' };
  expect((await account.send('POST', '/v1/payment_intents', wrong, withKey('a'))).status).toBe(400);
  await account.misbehave({ kind: 'rate-limit', times: 1 });
  expect((await account.send('POST', '/v1/payment_intents', form, withKey('a'))).status).toBe(429);
  const stranger = { ...withKey('a'), authorization: 'Bearer sk_test_wrong' };
  expect((await account.send('POST', '/v1/payment_intents', form, stranger)).status).toBe(401);
  expect((await account.send('POST', '/v1/payment_intents', form, withKey('a'))).status).toBe(200);
});

it('refuses the key while its first request is still running', async () => {
  await account.misbehave({ kind: 'delay', operation: 'payment_intents.create', times: 1, ms: 300 });
  const running = account.send('POST', '/v1/payment_intents', form, withKey('a'));
  await waitFor(async () => (await account.faults()).length === 0);
  const refused = await account.send('POST', '/v1/payment_intents', form, withKey('a'));
  expect(refused.status).toBe(409);
  expect(refused.body.error).toMatchObject({ code: 'idempotency_key_in_use' });
  const { body } = await running;
  expect((await account.send('POST', '/v1/payment_intents', form, withKey('a'))).body).toEqual(body);
  expect(await countIntents()).toBe(1);
});

it('keeps a key for 24 hours', async () => {
  const first = await account.send('POST', '/v1/payment_intents', form, withKey('a'));
  now = new Date(now.getTime() + 24 * 60 * 60 * 1000);
  expect((await account.send('POST', '/v1/payment_intents', form, withKey('a'))).body.id).toBe(first.body.id);
  now = new Date(now.getTime() + 1);
  expect((await account.send('POST', '/v1/payment_intents', form, withKey('a'))).body.id).not.toBe(first.body.id);
});

it('makes a repeated capture and refund harmless', async () => {
  const intent = await account.createIntent();
  await account.pay(intent);
  const capture = () => account.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: 'capture' });
  expect(await capture()).toMatchObject({ status: 'succeeded' });
  expect(await capture()).toMatchObject({ status: 'succeeded' });
  const refund = () =>
    account.stripe.refunds.create({ payment_intent: intent.id, amount: 500 }, { idempotencyKey: 'r' });
  expect((await refund()).id).toBe((await refund()).id);
  expect((await account.stripe.refunds.list({ payment_intent: intent.id })).data).toHaveLength(1);
});

it('runs the first of many that arrive together', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => account.send('POST', '/v1/payment_intents', form, withKey('a'))),
  );
  const done = answers.filter(({ status }) => status === 200);
  expect(new Set(done.map(({ body }) => body.id)).size).toBe(1);
  expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
  expect(await countIntents()).toBe(1);
});
