import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { intentCreated, openPayment } from '../../src/domain/open-payment';
import { StripeNoAnswer, StripeRefused } from '../../src/stripe/stripe-errors';
import { connectStripe } from '../../src/stripe/stripe-payments';

/** A Stripe that says one thing, and keeps what it was asked. */
let server: Server;
let answer: { status: number; body: unknown } | 'silence';
const asked: { method: string; url: string; key: string | undefined; body: string }[] = [];
beforeAll(async () => {
  server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    const key = req.headers['idempotency-key'];
    asked.push({ method: String(req.method), url: String(req.url), key: key === undefined ? key : String(key), body });
    if (answer === 'silence') return;
    res.writeHead(answer.status, { 'content-type': 'application/json', 'stripe-should-retry': 'false' });
    res.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
});

const stripe = () =>
  connectStripe({
    secretKey: 'sk_test_x',
    publishableKey: 'pk_test_x',
    webhookSecret: 'whsec_x',
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    timeoutMs: answer === 'silence' ? 200 : 10_000,
  });

const opening = openPayment(
  { id: 'a'.repeat(24), userId: 'b'.repeat(24), price: 4500, currency: 'usd' },
  new Date('2026-11-21T10:00:00.000Z'),
).payment;
const payment = intentCreated(opening, 'pi_1').payment;
const canceled = { id: 'pi_1', status: 'canceled' };
const open = { id: 'pi_1', status: 'processing' };
const failing = (status: number, error: Record<string, unknown> = {}) => ({ status, body: { error } });

describe('When Stripe fails', () => {
  test.each([
    ['says nothing', 'silence' as const],
    ['is too busy', failing(429, { code: 'rate_limit' })],
    ['does not know our key', failing(401)],
    ['does not let our key do it', failing(403)],
    ['is still at the same request', failing(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' })],
  ])('and %s, then it is not known, and the same request may be sent again', async (_what, said) => {
    answer = said;
    await expect(stripe().capture(payment)).rejects.toThrow(StripeNoAnswer);
    await expect(stripe().capture(payment)).rejects.toThrow(StripeNoAnswer);
    expect(new Set(asked.map(({ key }) => key))).toEqual(new Set([`${payment._id}-capture-1-0`]));
  });

  test.each([
    ['broke while working', failing(500, { type: 'api_error' })],
    ['finds the PaymentIntent in another state', failing(400, { code: 'payment_intent_unexpected_state' })],
    ['was asked otherwise under this key', failing(400, { type: 'idempotency_error' })],
    ['has a card error', failing(402, { type: 'card_error', code: 'card_declined' })],
  ])('and %s, then the answer is final for this key, and the next request has another', async (_what, said) => {
    answer = said;
    await expect(stripe().capture(payment)).rejects.toThrow(StripeRefused);
    await expect(stripe().capture({ ...payment, tries: 1 })).rejects.toThrow(StripeRefused);
    expect(asked.map(({ key }) => key)).toEqual([`${payment._id}-capture-1-0`, `${payment._id}-capture-1-1`]);
  });

  test('and does not know a PaymentIntent that no card was at, then that is as good as cancelled', async () => {
    answer = failing(404, { code: 'resource_missing' });
    const intent = { id: 'pi_1', status: 'canceled', charges: [], refundId: null, failedRefundIds: [], disputes: [] };
    expect(await stripe().look(payment)).toEqual(intent);
    expect(await stripe().lookWithSecret(payment)).toEqual({ intent, clientSecret: '' });
  });

  const tried = { ...payment, charges: payment.charges.map((charge) => ({ ...charge, stripeId: 'ch_1' })) };
  test.each([
    ['that is being captured', { ...payment, state: 'capturing' as const }],
    ['that is being cancelled', { ...payment, state: 'closing' as const }],
    ['that a card was at', tried],
    ['whose money is to be given back', { ...tried, state: 'refunding' as const }],
  ])('and does not know a PaymentIntent %s, then that is no final word', async (_what, asking) => {
    answer = failing(404, { code: 'resource_missing' });
    await expect(stripe().look(asking)).rejects.toThrow(StripeNoAnswer);
    await expect(stripe().lookWithSecret(asking)).rejects.toThrow('key of another account');
  });

  test.each([
    ['is cancelled already', failing(400, { code: 'payment_intent_unexpected_state', payment_intent: canceled })],
    ['is not known', failing(404, { code: 'resource_missing' })],
  ])('because a stray PaymentIntent %s, then that is what was wanted', async (_what, said) => {
    answer = said;
    await expect(stripe().cancelStray('pi_1')).resolves.toBeUndefined();
  });

  test.each([
    ['broke while working', failing(500, { type: 'api_error' })],
    ['says that it is still open', failing(400, { code: 'payment_intent_unexpected_state', payment_intent: open })],
  ])('and %s, then a stray PaymentIntent does not pass as cancelled', async (_what, said) => {
    answer = said;
    await expect(stripe().cancelStray('pi_1')).rejects.toThrow(StripeRefused);
  });

  test('and tells a state that this version does not know, then nothing is guessed', async () => {
    answer = { status: 200, body: { id: 'pi_1', status: 'requires_prayer' } };
    await expect(stripe().capture(payment)).rejects.toThrow('requires_prayer');
  });
});

test('When a PaymentIntent is asked for again, then the request is the same to the letter', async () => {
  answer = failing(429);
  for (let n = 0; n < 2; n++) await expect(stripe().createIntent(opening)).rejects.toThrow(StripeNoAnswer);
  const [first, second] = asked;
  expect(first).toEqual(second);
  expect(first?.key).toBe(`${payment._id}-create-1-0`);
  expect(Object.fromEntries(new URLSearchParams(first?.body))).toEqual({
    amount: '4500',
    currency: 'usd',
    capture_method: 'manual',
    'allowed_payment_method_types[0]': 'card',
    'metadata[orderId]': payment._id,
    'metadata[attempt]': '1',
  });
});
