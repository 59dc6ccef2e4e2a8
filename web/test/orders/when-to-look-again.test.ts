import type { Order } from '@/api/types';
import { lookAgainInMs } from '@/orders/when-to-look-again';

const nowMs = Date.UTC(2026, 10, 21, 12);
const order = (status: Order['status'], leftMs = 60_000, version = 1): Order => ({
  id: 'order',
  userId: 'buyer',
  ticketId: 'ticket',
  ticket: null,
  status,
  cancelReason: null,
  expiresAt: new Date(nowMs + leftMs).toISOString(),
  price: 4500,
  createdAt: new Date(nowMs).toISOString(),
  version,
});

test('an order that waits for its buyer is left alone, unless something was done to it', () => {
  expect(lookAgainInMs(order('AwaitingPayment'), nowMs, false, 0)).toBeUndefined();
  expect(lookAgainInMs(order('AwaitingPayment'), nowMs, true, 0)).toBe(500);
});

test('nothing is expected for ever', () => {
  expect(lookAgainInMs(order('AwaitingPayment'), nowMs, true, 12)).toBeUndefined();
});

test.each([order('Created'), order('AwaitingPayment', -1)])(
  'what others decide is read until it is known',
  (undecided) => {
    expect(lookAgainInMs(undecided, nowMs, false, 1)).toBe(750);
    expect(lookAgainInMs(undecided, nowMs, false, 50)).toBe(10_000);
  },
);

test.each([order('Completed'), order('Cancelled')])('what has ended is not read again', (ended) => {
  expect(lookAgainInMs(ended, nowMs, true, 0)).toBeUndefined();
});
