import type { Charge } from '@/api/types';
import { describeAttempts } from '@/payment/attempts';

const charge = (more: Partial<Charge>): Charge => ({
  id: 'charge',
  orderId: 'order',
  status: 'Failed',
  amount: 4_500,
  stripeRefundId: null,
  ...more,
});

test.each([
  [7, 'You have 7 attempts left.'],
  [1, 'You have one attempt left.'],
  [0, 'That was the last attempt: the order is being cancelled.'],
])('When payments says that %i cards may be tried, then the buyer reads it', (attemptsLeft, sentence) => {
  const charges = [charge({ attemptsLeft: attemptsLeft + 1 }), charge({ attemptsLeft }), charge({ status: 'Created' })];
  expect(describeAttempts(charges)).toBe(sentence);
});

test("Before the first decline there is nothing to say, nor after an end that was no card's fault", () => {
  expect(describeAttempts([])).toBeUndefined();
  expect(describeAttempts([charge({ reason: 'voided' })])).toBeUndefined();
});
