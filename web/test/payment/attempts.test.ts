import type { Charge } from '@/api/types';
import { attemptsLeft, describeAttempts } from '@/payment/attempts';

const failed = (reason: string): Charge => ({
  id: reason,
  orderId: 'order',
  status: 'Failed',
  amount: 4500,
  stripeRefundId: null,
  reason,
});

test('declines use attempts up; an order that ended does not', () => {
  expect(attemptsLeft([failed('card_declined'), failed('voided'), failed('closed')])).toBe(2);
});

test.each([
  [0, undefined],
  [1, 'You have 2 attempts left.'],
  [2, 'You have one attempt left.'],
  [3, 'That was the last attempt: the order is being cancelled.'],
])('after %i declines of three it says %p', (declines, sentence) => {
  expect(describeAttempts(Array(declines).fill(failed('card_declined')))).toBe(sentence);
});
