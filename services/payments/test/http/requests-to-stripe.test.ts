// How much of Stripe one account can use up: what Stripe takes in a second is for all.
import { rateLimits } from '@ticketing/common';
import { waitUntil } from '@ticketing/common/testing';
import type { Intent } from '../../src/domain/intent';
import type { Payment } from '../../src/domain/payment';
import { inTurn } from '../../src/http/in-turn';
import type { IntentWithSecret } from '../../src/stripe/stripe-payments';
import { cards, confirm, opened, placeOrder, postPayment, settle, sharedPayments } from '../start-payments';

const running = sharedPayments();
jest.setTimeout(120_000);
const { points, perSeconds } = rateLimits.paymentRequestsOfAccount;

beforeAll(() => Object.assign(running.deps, { opening: inTurn(), settling: inTurn() }));

describe('When a buyer asks many times at once', () => {
  const count = 20;
  /** The first is answered only once all have come. */
  async function atOnce<T>(asking: 'look' | 'createIntent', ask: () => PromiseLike<T>) {
    const come = jest.spyOn(running.deps.limiter, 'use');
    const { stripe } = running.deps;
    const answer = stripe[asking] as (payment: Payment) => Promise<Intent & IntentWithSecret>;
    const asked = jest.spyOn(stripe, asking).mockImplementation(async (payment) => {
      await waitUntil(() => come.mock.calls.length === count, { what: 'that all have come' });
      return answer(payment);
    });
    const answers = await Promise.all(Array.from({ length: count }, ask));
    const timesAsked = asked.mock.calls.length;
    for (const spy of [come, asked]) spy.mockRestore();
    return { answers, timesAsked };
  }

  test('to settle, then Stripe is looked at for the first and at most once for all others, and each hears how it ended', async () => {
    const order = placeOrder(running);
    await confirm(running, await opened(running, order), cards.approved);
    const { answers, timesAsked } = await atOnce('look', () => settle(running, order));
    expect(answers.map(({ status, body }) => [status, body.status])).toEqual(Array(count).fill([200, 'Completed']));
    expect(timesAsked).toBeLessThanOrEqual(2);
  });

  test('to open the payment, then one PaymentIntent is asked for, and is looked at once for all others', async () => {
    const order = placeOrder(running);
    const looks = jest.spyOn(running.deps.stripe, 'lookWithSecret');
    const { answers, timesAsked } = await atOnce('createIntent', () => postPayment(running, order));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect([timesAsked, looks.mock.calls.length]).toEqual([1, 1]);
    looks.mockRestore();
  });
});

test('When an account asks more often than anybody pays, then it has to wait, Stripe is not asked, and others are not held back', async () => {
  const order = placeOrder(running);
  await opened(running, order);
  const looks = jest.spyOn(running.deps.stripe, 'look');
  for (let n = 1; n < points; n++) expect((await settle(running, order)).status).toBe(200);
  looks.mockClear();
  for (const ask of [settle, postPayment]) {
    const refused = await ask(running, order);
    expect([refused.status, refused.body.type]).toEqual([429, '/problems/TooManyRequests']);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(perSeconds);
  }
  expect(looks).not.toHaveBeenCalled();
  looks.mockRestore();

  await opened(running, placeOrder(running));
  running.dapr.clock.advance(perSeconds * 1000);
  expect((await settle(running, order)).status).toBe(200);
});
