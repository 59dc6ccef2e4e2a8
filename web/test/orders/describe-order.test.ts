import type { Charge } from '@/api/types';
import { describeMoney, labelOf, stageOf } from '@/orders/describe-order';

const nowMs = Date.UTC(2026, 10, 21, 12);
const inMs = (ms: number) => new Date(nowMs + ms).toISOString();
const charge = (fields: Partial<Charge>): Charge => ({
  id: 'charge',
  orderId: 'order',
  status: 'Created',
  amount: 4500,
  stripeRefundId: null,
  ...fields,
});

test.each([
  ['Created', 1, 'reserving'],
  ['AwaitingPayment', 1, 'awaitingPayment'],
  ['AwaitingPayment', 0, 'deciding'],
  ['Completed', -1, 'completed'],
  ['Cancelled', 1, 'cancelled'],
] as const)('%s with %i ms left is %s', (status, leftMs, stage) => {
  expect(stageOf({ status, expiresAt: inMs(leftMs) }, nowMs)).toBe(stage);
});

test('a cancelled order is named by why', () => {
  const order = { status: 'Cancelled', expiresAt: inMs(0) } as const;
  expect(labelOf({ ...order, cancelReason: 'Expired' }, nowMs).text).toBe('Time ran out');
  expect(labelOf({ ...order, cancelReason: 'CancelledByBuyer' }, nowMs).text).toBe('Cancelled');
});

test('nobody is told that nothing was charged while that is not known, or not so', () => {
  expect(describeMoney(null)).toBeUndefined();
  expect(describeMoney([charge({ status: 'Failed' })])).toBe('You were not charged.');
  expect(describeMoney([charge({ status: 'Completed' })])).toMatch(/being refunded/);
  expect(describeMoney([charge({ status: 'Completed', stripeRefundId: 're_1' })])).toMatch(/was refunded/);
});
