import { askRefund, describeRefund, orderRefund } from '../../src/operate/order-refund';
import {
  captured,
  intentOf,
  listCharges,
  opened,
  placeOrder,
  publishedOf,
  reconcileAfterMs,
  type StandInOrder,
  sharedPayments,
  stored,
} from '../start-payments';

const running = sharedPayments();
const order = (id: string) => orderRefund(running.deps.payments, id);
const refundsOf = async (placed: StandInOrder) =>
  (await running.stripe.refunds.list({ payment_intent: (await intentOf(running, placed)).id })).data;

async function completed(): Promise<StandInOrder> {
  const placed = placeOrder(running);
  await captured(running, placed);
  placed.status = 'Completed';
  running.dapr.clock.advance(reconcileAfterMs);
  await running.reconcile();
  return placed;
}

test('When an operator refunds a completed order, many times at once, then its buyer gets the money back once', async () => {
  const placed = await completed();
  expect(askRefund(await stored(running, placed))).toBe(
    `Give 45.00 USD back to the buyer of order ${placed.id}? The order stays completed.`,
  );
  const ordered = await Promise.all(Array.from({ length: 5 }, () => order(placed.id)));
  expect(ordered).toEqual(Array(5).fill(expect.objectContaining({ found: true, refundable: true })));
  expect(describeRefund(await stored(running, placed))).toContain('45.00 USD are being given back');

  running.dapr.clock.advance(reconcileAfterMs);
  await running.reconcile();
  expect(await order(placed.id)).toMatchObject({ refundable: true, payment: { state: 'refunded' } });
  const [refund, ...others] = await refundsOf(placed);
  expect([refund?.amount, others]).toEqual([4500, []]);
  expect(placed.status).toBe('Completed');
  const { body } = await listCharges(running, placed);
  expect(body.items).toMatchObject([{ status: 'Completed', stripeRefundId: refund?.id }]);
  const told = (await publishedOf(running, placed)).filter(({ type }) => type === 'charge.refunded');
  expect(told.map(({ data }) => data.stripeRefundId)).toEqual([refund?.id]);
  expect(describeRefund(await stored(running, placed))).toContain(`given back by ${refund?.id}`);
});

test('When nothing was taken, then nothing is given back', async () => {
  const placed = placeOrder(running);
  expect(await order(placed.id)).toEqual({ found: false });
  await opened(running, placed);
  const before = await stored(running, placed);
  expect(await order(placed.id)).toMatchObject({ found: true, refundable: false });
  expect(await stored(running, placed)).toEqual(before);
  expect(describeRefund(before)).toContain('no money was taken');
});

test('When a refund keeps failing, then the operator is told how often and why', async () => {
  const placed = await completed();
  await running.misbehave({ kind: 'server-error', operation: 'refunds.create' });
  await order(placed.id);
  running.dapr.clock.advance(reconcileAfterMs);
  await running.reconcile();
  expect((await running.deps.payments.findRefunding()).map(describeRefund)).toEqual([
    expect.stringMatching(new RegExp(`^Order ${placed.id}: .* failed once, the last time: Stripe: 500`)),
  ]);
});

test.each(['open', 'lost'] as const)(
  'When its buyer disputes the charge (%s), then nothing is ordered',
  async (status) => {
    const placed = await completed();
    const disputes = [{ stripeId: 'dp_1', amount: 4500, status }];
    await running.model.updateOne({ _id: placed.id }, { $set: { disputes } });
    const before = await stored(running, placed);
    expect(await order(placed.id)).toMatchObject({ found: true, refundable: false });
    expect(await stored(running, placed)).toEqual(before);
    expect(describeRefund(before)).toContain(`its buyer disputes the charge (dp_1, ${status})`);

    await running.model.updateOne({ _id: placed.id }, { $set: { 'disputes.0.status': 'won' } });
    expect(await order(placed.id)).toMatchObject({ found: true, refundable: true });
  },
);
