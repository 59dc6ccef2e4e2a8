// Everything that payments and the auditor ask of Stripe, asked of the simulator and of stripe-mock: a request that the
// one takes must be valid for the other, and what the simulator answers must have the shape that Stripe describes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { confirmCard, type StripeSimulator, startStripeSimulator } from '../../dapr/local/src/stripe-simulator';
import { connectStripeBooks } from '../../services/payments/src/audit/read-stripe';
import { intentCreated, openPayment } from '../../services/payments/src/domain/open-payment';
import type { Payment } from '../../services/payments/src/domain/payment';
import { connectStripe } from '../../services/payments/src/stripe/stripe-payments';
import { type Schema, type StripeMock, startStripeMock } from './build-stripe-mock';
import { answerSchema, checkShape } from './check-shape';
import { type Exchange, type Wire, wireTo } from './record-requests';

jest.setTimeout(300_000);

const keys = { secretKey: 'sk_test_x', publishableKey: 'pk_test_x', webhookSecret: 'whsec_x' };

let mock: StripeMock;
let simulator: StripeSimulator;
let wire: Wire;

beforeAll(async () => {
  mock = await startStripeMock();
  simulator = await startStripeSimulator({ port: 0, ...keys });
  wire = await wireTo(simulator.url);
  await liveThrough();
}, 600_000);

afterAll(async () => {
  wire?.close();
  await simulator?.stop();
  mock?.stop();
});

/** What payments asks in the lives of orders, good and bad, and then the auditor. */
async function liveThrough(): Promise<void> {
  const stripe = connectStripe({ ...keys, apiUrl: wire.url, timeoutMs: 10_000 });
  const open = async (digit: string): Promise<{ payment: Payment; pay(cardNumber: string): Promise<unknown> }> => {
    const order = { id: digit.repeat(24), userId: 'b'.repeat(24), price: 4500, currency: 'usd' as const };
    const opening = openPayment(order, new Date()).payment;
    const { intent, clientSecret } = await stripe.createIntent(opening);
    return {
      payment: intentCreated(opening, intent.id).payment,
      // The browser's own requests are no part of Stripe's description.
      pay: (cardNumber) => confirmCard({ url: simulator.url, ...keys, clientSecret, cardNumber }),
    };
  };

  const bought = await open('1');
  await stripe.lookWithSecret(bought.payment);
  await bought.pay('4242424242424242');
  await stripe.look(bought.payment);
  await stripe.capture(bought.payment);
  await stripe.refund(bought.payment);
  await stripe.look(bought.payment);

  const disputed = await open('5');
  await disputed.pay('4000000000000259');
  await stripe.capture(disputed.payment);
  await stripe.look(disputed.payment);

  const declined = await open('2');
  await declined.pay('4000000000009995');
  await stripe.look(declined.payment);
  await declined.pay('4000002760003184');
  await stripe.look(declined.payment);
  await stripe.cancel(declined.payment);

  const released = await open('3');
  await released.pay('4242424242424242');
  await stripe.cancel(released.payment);
  await stripe.look(released.payment);

  const lost = await open('4');
  const opening = { ...lost.payment, intentId: null, state: 'opening' as const, tries: 1 };
  await stripe.createIntent(opening);
  await stripe.cancelStray(String(lost.payment.intentId));
  await stripe.look({ ...lost.payment, intentId: 'pi_unknown' });
  await expect(stripe.capture({ ...lost.payment, tries: 2 })).rejects.toThrow('payment_intent_unexpected_state');
  await expect(stripe.refund(released.payment)).rejects.toThrow('Stripe: 400');

  const auditor = connectStripeBooks(keys.secretKey, wire.url);
  await auditor.readAll(() => undefined);
  const intentIds = [bought, disputed, released].map(({ payment }) => String(payment.intentId));
  await auditor.readAgain(intentIds);
  const made = { from: bought.payment.openedAt, to: new Date() };
  await auditor.intentIdsOf(bought.payment._id, made, () => undefined);
}

/** `post /v1/payment_intents/{id}/capture` */
const operationOf = ({ method, path }: Exchange): string => `${method} ${path.replace(/\/(pi|ch|re)_\w+/, '/{id}')}`;

const parameterNames = ({ parameters }: Exchange): string =>
  [...new URLSearchParams(parameters).keys()].sort().join(' ');

const ask = ({ method, path, parameters }: Pick<Exchange, 'method' | 'path' | 'parameters'>) =>
  fetch(`${mock.url}${path}${method === 'get' && parameters ? `?${parameters}` : ''}`, {
    method,
    headers: { authorization: 'Bearer sk_test_123', 'content-type': 'application/x-www-form-urlencoded' },
    ...(method === 'post' ? { body: parameters } : {}),
  });

test('When payments and the auditor have done all they do, then these are the requests that they make', () => {
  const asked = new Set(
    wire.exchanges.map((exchange) => `${operationOf(exchange)} ${parameterNames(exchange)}`.trim()),
  );
  expect([...asked].sort()).toEqual([
    'get /v1/charges limit',
    'get /v1/charges limit payment_intent',
    'get /v1/disputes charge limit',
    'get /v1/disputes limit',
    'get /v1/payment_intents created[gte] created[lte] limit',
    'get /v1/payment_intents limit',
    'get /v1/payment_intents/{id}',
    'get /v1/refunds charge limit',
    'get /v1/refunds limit',
    'post /v1/payment_intents allowed_payment_method_types[0] amount capture_method currency metadata[attempt] metadata[orderId]',
    'post /v1/payment_intents/{id}/cancel',
    'post /v1/payment_intents/{id}/cancel expand[0]',
    'post /v1/payment_intents/{id}/capture expand[0]',
    'post /v1/refunds metadata[orderId] payment_intent',
  ]);
});

test('When one of them is asked of stripe-mock, then it is valid there, and answered with the same kind of object', async () => {
  for (const exchange of wire.exchanges.filter(({ status }) => status === 200)) {
    const answer = await ask(exchange);
    const body = (await answer.json()) as { object?: string; error?: { message: string } };
    expect([operationOf(exchange), answer.status, body.error?.message, body.object]).toEqual([
      operationOf(exchange),
      200,
      undefined,
      exchange.answer.object,
    ]);
  }
});

test.each([
  ['an unknown parameter', 'post', '/v1/payment_intents/pi_1/capture', 'amount_to_take=1'],
  ['a missing parameter', 'post', '/v1/payment_intents', 'currency=usd'],
  ['a parameter of another type', 'post', '/v1/payment_intents', 'currency=usd&amount=much'],
  ['an unknown path', 'get', '/v1/payments', ''],
] as const)(
  'When a request has %s, then stripe-mock refuses it: the test above can fail',
  async (_what, method, path, parameters) => {
    expect((await ask({ method, path, parameters })).status).toBeGreaterThanOrEqual(400);
  },
);

/**
 * Payments speaks 2026-10-28.endive, and stripe-mock's description is of an earlier version. What is not in that is in the
 * types of Stripe's SDK, which is of the same version as payments.
 */
const newer = ['payment_record', 'electronic_commerce_indicator', 'source'];

test('When the simulator answers, then with fields, types and values that Stripe describes', () => {
  const wrong = new Set<string>();
  for (const { method, path, status, answer } of wire.exchanges) {
    const schema = answerSchema(mock.description, method, path, status);
    const kind = String(answer.object ?? 'error');
    for (const fault of checkShape(answer, schema, mock.description, kind)) wrong.add(fault);
  }
  const isNewer = (fault: string) => newer.some((field) => fault.endsWith(`.${field} is not described`));
  expect([...wrong].filter((fault) => !isNewer(fault))).toEqual([]);
  for (const field of newer) expect([...wrong].join('\n')).toContain(`.${field} is not described`);
});

test.each(newer)('When %s is newer than the description, then the types of the SDK have it', (field) => {
  const sdkOfPayments = createRequire(join(__dirname, '../../services/payments/package.json')).resolve('stripe');
  const resources = join(dirname(sdkOfPayments), 'resources');
  const types = ['Charges.d.ts', 'PaymentIntents.d.ts'].map((file) => readFileSync(join(resources, file), 'utf8'));
  expect(types.join('\n')).toMatch(new RegExp(`^ +${field}: `, 'm'));
});

test.each<[string, unknown, string]>([
  ['a field that is not described', { id: 'x', charged: true }, '.charged is not described'],
  ['a missing field', {}, '.id is missing'],
  ['another type', { id: 1 }, '.id is no string: 1'],
  ['null where none may be', { id: null }, '.id is null'],
  ['a value that there is not', { id: 'x', status: 'charged' }, '.status is "charged"'],
  ['no list', { id: 'x', items: {} }, '.items is no list'],
])('When a value has %s, then the comparison sees it', (_what, value, fault) => {
  const schema: Schema = {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string' }, status: { enum: ['open'] }, items: { type: 'array', items: {} } },
  };
  expect(checkShape(value, schema, mock.description)).toEqual([fault]);
});
