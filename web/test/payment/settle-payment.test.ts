import { ApiError } from '@/api/problem';
import type { Charge } from '@/api/types';
import { settlePayment } from '@/payment/settle-payment';

const charge = (status: Charge['status']): Charge => ({
  id: 'charge',
  orderId: 'order',
  status,
  amount: 4500,
  stripeRefundId: null,
});
const refusal = (status: number, retryAfterSeconds?: number) =>
  new ApiError({ status, code: '', detail: '', errors: [], ...(retryAfterSeconds ? { retryAfterSeconds } : {}) });

function answering(...answers: (Charge | ApiError)[]) {
  const waits: number[] = [];
  const ask = jest.fn(async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof ApiError) throw answer;
    return answer as Charge;
  });
  const wait = async (ms: number) => void waits.push(ms);
  return { ask, waits, settle: (limitMs = 30_000) => settlePayment({ ask, wait, limitMs }) };
}

test('a decided charge is the answer at once', async () => {
  const { settle, waits } = answering(charge('Completed'));
  expect((await settle())?.status).toBe('Completed');
  expect(waits).toEqual([]);
});

test('it asks again while nothing is decided, more and more slowly', async () => {
  const { settle, waits } = answering(charge('Created'), charge('Created'), charge('Failed'));
  expect((await settle())?.status).toBe('Failed');
  expect(waits).toEqual([1_000, 1_500]);
});

test('it asks no sooner than the server wants', async () => {
  const { settle, waits } = answering(refusal(503, 4), charge('Completed'));
  expect((await settle())?.status).toBe('Completed');
  expect(waits).toEqual([4_000]);
});

test('it stops at its limit, without a guess', async () => {
  const { settle, waits } = answering(refusal(503));
  expect(await settle(30_000)).toBeUndefined();
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(30_000);
  expect(waits.length).toBeGreaterThan(5);
});

test.each([401, 404, 409])('a refusal with %i is final', async (status) => {
  const { settle, ask } = answering(refusal(status));
  await expect(settle()).rejects.toBeInstanceOf(ApiError);
  expect(ask).toHaveBeenCalledTimes(1);
});
