import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { transformSync } from '@swc/core';
import { request } from 'undici';
import { type OpenAccount, openAccount } from './open-account';

let account: OpenAccount;
beforeAll(async () => {
  account = await openAccount();
});
afterAll(() => account.stop());

async function load(path: string, form?: Record<string, string>) {
  const answer = await request(account.url + path, {
    method: form ? 'POST' : 'GET',
    ...(form ? { body: new URLSearchParams(form).toString() } : {}),
  });
  return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
}

describe('the script for browsers', () => {
  it.each([
    ['/v3/', 'endive'],
    ['/v3', 'endive'],
    ['/stripe.js', 'endive'],
    ['/dahlia/stripe.js', 'dahlia'],
  ])('is at %s and offers what react-stripe-js asks for', async (path, version) => {
    const { body, headers } = await load(path);
    expect(headers['content-type']).toMatch('text/javascript');
    const page = { document: { currentScript: { src: account.url + path } }, URL, window: {} as { Stripe?: StripeJs } };
    runInContext(body, createContext(page));
    const stripe = page.window.Stripe;
    expect(stripe?.version).toBe(version);
    expect(stripe?.('pk_test_x')).toMatchObject(
      Object.fromEntries(offered.map((name) => [name, expect.any(Function)])),
    );
    expect(() => stripe?.('sk_test_x')).toThrow('publishable key');
  });

  it.each(['card-frame.html', 'card-frame.js', 'card-rules.js', 'card-look.js', 'card-frame.css', 'pages.css'])(
    'comes with %s, which loads nothing from elsewhere',
    async (name) => {
      const { status, headers } = await load(`/elements/${name}`);
      expect(status).toBe(200);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    },
  );

  it('has nothing else', async () => {
    for (const path of ['/elements/none', '/elements/..%2findex.ts', '/v3/x', '/x', '/a/b/c']) {
      expect((await load(path)).status).toBe(404);
    }
  });

  it('names the test cards on its front page', async () => {
    const { body } = await load('/');
    expect(body).toContain('4242 4242 4242 4242');
    expect(body).toContain('Test payments');
  });
});

type StripeJs = ((key: string) => object) & { version: string };

const offered = [
  'elements',
  'createToken',
  'createPaymentMethod',
  'confirmCardPayment',
  'confirmPayment',
  'handleNextAction',
  'retrievePaymentIntent',
  'registerAppInfo',
  '_registerWrapper',
];

describe("the bank's question", () => {
  const asked = async (more = {}) => {
    const intent = await account.createIntent({
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      ...more,
    });
    const action = intent.next_action;
    const url =
      action?.redirect_to_url?.url ?? (action?.use_stripe_sdk as { stripe_js: string } | undefined)?.stripe_js;
    return { intent, path: String(url).slice(account.url.length) };
  };

  it('shows the amount, and goes on by either answer', async () => {
    const { intent, path } = await asked();
    const page = await load(path);
    expect(page.body).toContain('$20.00');
    const form = { client_secret: intent.client_secret ?? '', outcome: 'approve' };
    const thanks = await load(`/authenticate/${intent.id}`, form);
    expect(thanks.body).toContain('/elements/answered.js');
    expect((await account.stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
    expect((await load(path)).status).toBe(409);
  });

  it.each([
    ['approve', 'pm_card_authenticationRequired', 'succeeded'],
    ['fail', 'pm_card_authenticationRequired', 'failed'],
    ['approve', 'pm_card_threeDSecureRequiredChargeDeclined', 'failed'],
  ])('sends the buyer back: %s with %s is %s', async (outcome, payment_method, redirectStatus) => {
    const { intent } = await asked({ payment_method, return_url: 'http://localhost:3000/orders/1?a=b' });
    const answer = await load(`/authenticate/${intent.id}`, { client_secret: intent.client_secret ?? '', outcome });
    expect(answer.status).toBe(303);
    const back = new URL(String(answer.headers.location));
    expect(back.origin + back.pathname).toBe('http://localhost:3000/orders/1');
    expect(Object.fromEntries(back.searchParams)).toEqual({
      a: 'b',
      payment_intent: intent.id,
      payment_intent_client_secret: intent.client_secret,
      redirect_status: redirectStatus,
    });
  });

  it('is not for those who do not know the secret', async () => {
    const { intent } = await asked();
    expect((await load(`/authenticate/${intent.id}`)).status).toBe(400);
    const guess = { client_secret: `${intent.id}_secret_guess`, outcome: 'approve' };
    expect((await load(`/authenticate/${intent.id}`, guess)).status).toBe(400);
    expect((await load('/authenticate/pi_none?client_secret=x')).status).toBe(404);
    expect((await account.stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_action');
  });

  it('goes back to web addresses only', async () => {
    const answer = await account.send('POST', '/v1/payment_intents', {
      amount: '2000',
      currency: 'usd',
      payment_method: 'pm_card_authenticationRequired',
      confirm: 'true',
      return_url: 'javascript:alert(1)',
    });
    expect(answer.body.error).toMatchObject({ code: 'url_invalid', param: 'return_url' });
  });
});

describe('the card fields', () => {
  const rules = loadRules();

  it.each([
    ['4242424242424242', '4242 4242 4242 4242'],
    ['4242 42', '4242 42'],
    ['378282246310005', '3782 822463 10005'],
    ['42424242424242429999', '4242 4242 4242 4242'],
    ['x4-2', '42'],
  ])('shows %s as %s', (typed, shown) => {
    expect(rules.formatNumber(typed)).toBe(shown);
  });

  it.each([
    ['1', '1'],
    ['5', '05 / '],
    ['12', '12 / '],
    ['1234', '12 / 34'],
    ['12345', '12 / 34'],
  ])('shows the date %s as %s', (typed, shown) => {
    expect(rules.formatExpiry(typed, false)).toBe(shown);
  });

  it('lets a date be deleted', () => {
    expect(rules.formatExpiry('12 /', true)).toBe('12');
  });

  it.each([
    ['4242 4242 4242 4242', null],
    ['4242 4242 4242 4241', 'invalid_number'],
    ['4242', 'incomplete_number'],
    ['', 'incomplete_number'],
  ])('finds %s %s', (number, code) => {
    expect(rules.numberProblem(number)?.code ?? null).toBe(code);
  });

  it.each([
    ['11 / 26', null],
    ['10 / 26', 'invalid_expiry_month_past'],
    ['12 / 25', 'invalid_expiry_year_past'],
    ['13 / 30', 'invalid_expiry_month'],
    ['1', 'incomplete_expiry'],
  ])('finds the date %s %s', (date, code) => {
    expect(rules.expiryProblem(date, new Date(2026, 10, 21))?.code ?? null).toBe(code);
  });

  it.each([
    ['123', '4242', null],
    ['12', '4242', 'incomplete_cvc'],
    ['123', '3782', 'incomplete_cvc'],
    ['1234', '3782', null],
  ])('finds the code %s of %s %s', (cvc, number, code) => {
    expect(rules.cvcProblem(cvc, number)?.code ?? null).toBe(code);
  });
});

interface CardRules {
  formatNumber(text: string): string;
  formatExpiry(text: string, isDeleting: boolean): string;
  numberProblem(text: string): { code: string } | null;
  expiryProblem(text: string, today: Date): { code: string } | null;
  cvcProblem(text: string, number: string): { code: string } | null;
}

/** It is a module for browsers, which jest does not load by itself. */
function loadRules(): CardRules {
  const file = join(__dirname, '../../src/stripe-simulator/script/browser/card-rules.js');
  const { code } = transformSync(readFileSync(file, 'utf8'), { module: { type: 'commonjs' } });
  const exports = {} as CardRules;
  runInContext(code, createContext({ exports }));
  return exports;
}
