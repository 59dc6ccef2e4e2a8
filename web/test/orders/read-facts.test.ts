import type { Charge, Order } from '@/api/types';
import { newer } from '@/orders/read-facts';

const order = (version: number) => ({ id: 'order', version }) as Order;
const charge = (id: string, status: Charge['status'], stripeRefundId: string | null = null): Charge => ({
  id,
  orderId: 'order',
  status,
  amount: 4_500,
  stripeRefundId,
});

const [created, failed] = [charge('one', 'Created'), charge('one', 'Failed')];
const [taken, refunded] = [charge('two', 'Completed'), charge('two', 'Completed', 're_1')];

test('An answer that was overtaken by a newer one is dropped, and so is the loss of what was known', () => {
  const known = { order: order(3), charges: [failed] };
  expect(newer(known, { order: order(2), charges: null })).toEqual(known);
  expect(newer({ order: order(1), charges: null }, known)).toEqual(known);
});

test.each([
  ['decided', [created], [failed], [failed]],
  ['refunded', [failed, taken], [failed, refunded], [failed, refunded]],
  ['added to', [failed], [failed, taken], [failed, taken]],
  ['added to while an earlier one was decided', [failed], [created, taken], [failed, taken]],
])('Charges that are %s once stay so, whichever answer comes last', (_what, one, other, truth) => {
  const now = order(1);
  expect(newer({ order: now, charges: one }, { order: now, charges: other }).charges).toEqual(truth);
  expect(newer({ order: now, charges: other }, { order: now, charges: one }).charges).toEqual(truth);
});
