import { request } from 'undici';
import { keys, type OpenAccount, openAccount } from './open-account';

let account: OpenAccount;
beforeAll(async () => {
  account = await openAccount();
});
afterAll(() => account.stop());

const good = { amount: '2000', currency: 'usd' };

it.each([
  ['no amount', { currency: 'usd' }, 'parameter_missing', 'amount'],
  ['no currency', { amount: '2000' }, 'parameter_missing', 'currency'],
  ['49 cents', { ...good, amount: '49' }, 'amount_too_small', 'amount'],
  ['nothing', { ...good, amount: '0' }, 'parameter_invalid_integer', 'amount'],
  ['a million', { ...good, amount: '100000000' }, 'amount_too_large', 'amount'],
  ['half a cent', { ...good, amount: '50.5' }, 'parameter_invalid_integer', 'amount'],
  ['an amount with parts', { 'amount[a]': '1', currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
  ['an unknown parameter', { ...good, colour: 'red' }, 'parameter_unknown', 'colour'],
  ['an unknown currency', { ...good, currency: 'xyz' }, undefined, 'currency'],
  ['an unknown way to capture', { ...good, capture_method: 'later' }, undefined, 'capture_method'],
  ['a prototype', { ...good, '__proto__[polluted]': 'yes' }, 'parameter_unknown', '__proto__'],
])('refuses %s', async (_what, form, code, param) => {
  const answer = await account.send('POST', '/v1/payment_intents', form);
  expect(answer.status).toBe(400);
  expect(answer.body.error).toMatchObject({ type: 'invalid_request_error', param, ...(code ? { code } : {}) });
  expect(answer.headers['request-id']).toMatch(/^req_/);
});

it.each([
  [{ 'stripe-version': '2026-10-28.endive' }, 'payment_method_types', 400],
  [{ 'stripe-version': '2026-10-28.endive' }, 'allowed_payment_method_types', 200],
  [{ 'stripe-version': '2026-08-26.dahlia' }, 'payment_method_types', 200],
  [{}, 'payment_method_types', 200],
])('with %j, %s answers %i', async (headers, field, status) => {
  const answer = await account.send('POST', '/v1/payment_intents', { ...good, [`${field}[]`]: 'card' }, headers);
  expect(answer.status).toBe(status);
  const seen = status === 200 ? answer.body : answer.body.error;
  expect(seen).toMatchObject(status === 200 ? { payment_method_types: ['card'] } : { code: 'parameter_unknown' });
});

it('takes cards only', async () => {
  const form = { ...good, 'allowed_payment_method_types[]': 'ideal' };
  const answer = await account.send('POST', '/v1/payment_intents', form);
  expect(answer.body.error).toMatchObject({ param: 'allowed_payment_method_types' });
});

it('answers 404 for what is not there', async () => {
  expect((await account.send('GET', '/v1/payment_intents/pi_none')).body.error).toMatchObject({
    code: 'resource_missing',
    message: "No such payment_intent: 'pi_none'",
    param: 'intent',
  });
  for (const path of [
    '/v1/charges/ch_none',
    '/v1/refunds/re_none',
    '/v1/events/evt_none',
    '/v1/nothing',
    '/v1/a/b/c/d',
  ]) {
    expect((await account.send('GET', path)).status).toBe(404);
  }
});

it('takes form bodies of a reasonable size only', async () => {
  const json = await request(`${account.url}/v1/payment_intents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.secretKey}`, 'content-type': 'application/json' },
    body: '{"amount":2000}',
  });
  expect(json.statusCode).toBe(400);
  await json.body.dump();
  const large = await account.send('POST', '/v1/payment_intents', { ...good, description: 'x'.repeat(1024 * 1024) });
  expect(large.status).toBe(413);
});

describe('keys', () => {
  it.each([
    ['none', { authorization: '' }, 401],
    ['a wrong one', { authorization: 'Bearer sk_test_wrong_wrong' }, 401],
    [
      'the secret one as Basic',
      { authorization: `Basic ${Buffer.from(`${keys.secretKey}:`).toString('base64')}` },
      200,
    ],
    ['the publishable one', { authorization: `Bearer ${keys.publishableKey}` }, 401],
  ])('%s', async (_which, headers, status) => {
    expect((await account.send('POST', '/v1/payment_intents', good, headers)).status).toBe(status);
  });

  it('lets a browser see and confirm only the intent whose secret it knows, and less of it', async () => {
    const mine = await account.createIntent({ metadata: { private: 'yes' } });
    const other = await account.createIntent();
    const browser = { authorization: `Bearer ${keys.publishableKey}` };
    const path = `/v1/payment_intents/${mine.id}`;
    expect((await account.send('GET', path, {}, browser)).body.error).toMatchObject({ param: 'client_secret' });
    const wrong = await account.send('GET', `${path}?client_secret=${other.client_secret}`, {}, browser);
    expect(wrong.body.error).toMatchObject({ code: 'payment_intent_invalid_parameter' });

    const seen = await account.send('GET', `${path}?client_secret=${mine.client_secret}`, {}, browser);
    expect(seen.body).toMatchObject({ id: mine.id, amount: 2000, status: 'requires_payment_method' });
    for (const hidden of ['metadata', 'latest_charge', 'amount_capturable'])
      expect(seen.body).not.toHaveProperty(hidden);
    for (const action of ['capture', 'cancel']) {
      const refused = await account.send(
        'POST',
        `${path}/${action}`,
        { client_secret: mine.client_secret ?? '' },
        browser,
      );
      expect(refused.body.error).toMatchObject({ code: 'secret_key_required' });
    }
  });

  it('accepts the key as a parameter, and calls from any page', async () => {
    const intent = await account.createIntent();
    const path = `/v1/payment_intents/${intent.id}?key=${keys.publishableKey}&client_secret=${intent.client_secret}`;
    const answer = await account.send('GET', path, {}, { authorization: '', origin: 'http://shop.example' });
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    const preflight = await request(account.url + path, { method: 'OPTIONS' });
    expect(preflight.statusCode).toBe(204);
  });
});

describe('payment methods', () => {
  it('turn a card into an id to confirm with, and never show the number', async () => {
    const form = {
      type: 'card',
      'card[number]': '4242 4242 4242 4242',
      'card[exp_month]': '12',
      'card[exp_year]': '40',
      'card[cvc]': '123',
    };
    const made = await account.send('POST', '/v1/payment_methods', form, {
      authorization: `Bearer ${keys.publishableKey}`,
    });
    expect(made.body).toMatchObject({
      object: 'payment_method',
      card: { last4: '4242', brand: 'visa', exp_year: 2040 },
    });
    expect(JSON.stringify(made.body)).not.toContain('424242424242');
    const intent = await account.createIntent();
    const paid = await account.stripe.paymentIntents.confirm(intent.id, { payment_method: String(made.body.id) });
    expect(paid.status).toBe('requires_capture');
  });
});

describe('expansion', () => {
  it('shows the whole object where asked, and refuses what is none', async () => {
    const intent = await account.createIntent({ payment_method: 'pm_card_visa', confirm: true });
    const charge = await account.stripe.charges.retrieve(String(intent.latest_charge), {
      expand: ['payment_intent', 'refunds'],
    });
    expect(charge).toMatchObject({ payment_intent: { id: intent.id }, refunds: { object: 'list', data: [] } });
    const listed = await account.stripe.paymentIntents.list({ limit: 1, expand: ['data.latest_charge'] });
    expect(listed.data[0]?.latest_charge).toMatchObject({ id: charge.id });
    const refused = await account.send('GET', `/v1/payment_intents/${intent.id}?expand[]=amount`);
    expect(refused.body.error).toMatchObject({ message: 'This property cannot be expanded (amount).' });
  });
});

describe('the controls', () => {
  it.each([
    ['a name that is not this machine', { host: 'evil.example' }],
    ['a page', { origin: 'http://shop.example' }],
    ['a proxy', { 'x-forwarded-for': '10.0.0.1' }],
  ])('are not for %s', async (_who, headers) => {
    const { host } = new URL(account.url);
    expect((await account.send('GET', '/_admin/state', {}, { host, ...headers })).status).toBe(403);
  });

  it('show and empty everything', async () => {
    const lonely = await openAccount();
    const intent = await lonely.createIntent();
    expect((await lonely.send('GET', '/_admin/state')).body).toMatchObject({ payment_intents: [{ id: intent.id }] });
    expect((await lonely.send('POST', '/_admin/reset')).body).toMatchObject({ payment_intents: [], charges: [] });
    expect((await lonely.send('GET', `/v1/payment_intents/${intent.id}`)).status).toBe(404);
    await lonely.stop();
  });
});
