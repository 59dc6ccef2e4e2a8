import { Faults, faultSchema } from '../../src/stripe-simulator/admin/faults';
import { type OpenAccount, openAccount, refusalOf } from './open-account';

let account: OpenAccount;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.stop());

it('does the work and loses the answer: asking again with the key finds it done', async () => {
  const intent = await account.createIntent();
  await account.pay(intent);
  await account.misbehave({ kind: 'lose-answer', operation: 'payment_intents.capture', times: 2 });
  // Twice, because the SDK asks once more by itself when a connection is cut.
  const lost = await refusalOf(account.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: 'capture' }));
  expect(lost.type).toBe('StripeConnectionError');
  expect(await account.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status: 'succeeded' });
  const again = await account.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: 'capture' });
  expect(again).toMatchObject({ status: 'succeeded', amount_received: 2000 });
});

it('times out before the work', async () => {
  const intent = await account.createIntent();
  await account.pay(intent);
  await account.misbehave({ kind: 'lose-request', operation: 'payment_intents.capture', ms: 60_000, times: 1 });
  const capture = () =>
    account.stripe.paymentIntents.capture(intent.id, {}, { timeout: 100, idempotencyKey: 'capture' });
  expect((await refusalOf(capture())).type).toBe('StripeConnectionError');
  expect(await account.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status: 'requires_capture' });
  expect(await capture()).toMatchObject({ status: 'succeeded' });
});

it('times out after the work', async () => {
  const intent = await account.createIntent();
  await account.misbehave({ kind: 'lose-answer', operation: 'payment_intents.cancel', ms: 60_000, times: 1 });
  const lost = await refusalOf(account.stripe.paymentIntents.cancel(intent.id, {}, { timeout: 100 }));
  expect(lost.type).toBe('StripeConnectionError');
  expect(await account.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status: 'canceled' });
});

it.each([
  [{ kind: 'rate-limit' }, 'StripeRateLimitError', 'requires_capture'],
  [{ kind: 'server-error' }, 'StripeAPIError', 'requires_capture'],
  [{ kind: 'server-error', workDone: true }, 'StripeAPIError', 'succeeded'],
])('%j answers %s and leaves the intent %s', async (fault, type, status) => {
  const intent = await account.createIntent();
  await account.pay(intent);
  await account.misbehave({ ...fault, method: 'POST', path: '/v1/payment_intents/*/capture', times: 1 });
  expect((await refusalOf(account.stripe.paymentIntents.capture(intent.id))).type).toBe(type);
  expect((await account.stripe.paymentIntents.retrieve(intent.id)).status).toBe(status);
});

it('strikes only what it was asked to, as often as it was asked to', async () => {
  await account.misbehave({ kind: 'rate-limit', operation: 'refunds.*', times: 2 });
  const intent = await account.createIntent();
  expect((await refusalOf(account.stripe.refunds.list())).type).toBe('StripeRateLimitError');
  expect(await account.faults()).toMatchObject([{ left: 1, struck: 1 }]);
  expect((await refusalOf(account.stripe.refunds.list())).type).toBe('StripeRateLimitError');
  await account.stripe.refunds.list({ payment_intent: intent.id });
  expect(await account.faults()).toEqual([]);
});

it('is taken back', async () => {
  await account.misbehave({ kind: 'rate-limit' });
  expect((await refusalOf(account.createIntent())).type).toBe('StripeRateLimitError');
  await account.send('DELETE', '/_admin/faults');
  await account.createIntent();
});

it.each([
  { kind: 'explode' },
  { kind: 'delay', ms: -1 },
  { kind: 'rate-limit', times: 0 },
  { kind: 'rate-limit', typo: 1 },
])('does not take %j', async (fault) => {
  await expect(account.misbehave(fault)).rejects.toThrow();
});

it('strikes in the same places for the same seed', () => {
  const strikes = (seed: number) => {
    const faults = new Faults();
    faults.add(faultSchema.parse({ kind: 'rate-limit', probability: 0.3, seed }));
    return Array.from({ length: 200 }, () => faults.strike('rate-limit', { operation: 'x' }) !== null);
  };
  expect(strikes(7)).toEqual(strikes(7));
  expect(strikes(7)).not.toEqual(strikes(8));
  const share = strikes(7).filter(Boolean).length / 200;
  expect(share).toBeGreaterThan(0.15);
  expect(share).toBeLessThan(0.45);
});
