import type { StandInOrder } from '../start-payments';
import {
  authorised,
  cancelOrder,
  captured,
  confirm,
  intentOf,
  opened,
  placeOrder,
  publishedOf,
  reconcileAfterMs,
  settle,
  sharedPayments,
  stored,
  tellCancelled,
} from '../start-payments';

const running = sharedPayments({ webhooks: true });
const refundsFail = '4000000000005126';

const later = (ms: number) => {
  running.dapr.clock.advance(ms);
  return running.reconcile();
};
const refundsOf = async (order: StandInOrder) =>
  (await running.stripe.refunds.list({ payment_intent: (await intentOf(running, order)).id })).data;
const refundedEvents = async (order: StandInOrder) =>
  (await publishedOf(running, order)).filter(({ type }) => type === 'charge.refunded');
const refundsWaiting = async () => (await running.deps.metrics.workWaiting.get()).values[0]?.value;

test('When Stripe refuses a refund, then that is seen, tried again later and later, and done in the end', async () => {
  const order = placeOrder(running);
  await captured(running, order);
  await running.misbehave({ kind: 'server-error', operation: 'refunds.create' });
  await cancelOrder(running, order);
  expect(await stored(running, order)).toMatchObject({ state: 'refunding', refundFailures: 1 });
  expect((await stored(running, order)).refundFailure).toMatch(/500/);

  expect(await later(reconcileAfterMs)).toBe(0);
  await later(reconcileAfterMs);
  expect((await stored(running, order)).refundFailures).toBe(2);
  await later(2 * reconcileAfterMs);
  expect((await stored(running, order)).refundFailures).toBe(2);
  expect(await refundsWaiting()).toBe(1);
  expect(await refundsOf(order)).toEqual([]);

  await running.behave();
  await later(2 * reconcileAfterMs);
  expect((await stored(running, order)).state).toBe('refunded');
  expect(await refundsWaiting()).toBe(0);
  const [refund, ...others] = await refundsOf(order);
  expect(others).toEqual([]);
  expect((await refundedEvents(order)).map(({ data }) => data.stripeRefundId)).toEqual([refund?.id]);
});

test('When a refund fails at the bank after Stripe called it done, then it is given back again, not at once', async () => {
  const order = placeOrder(running);
  const payment = await opened(running, order);
  await confirm(running, payment, refundsFail);
  await settle(running, order);
  await tellCancelled(running, order);
  const failed = async () => (await stored(running, order)).refundFailures === 1;
  const deadline = Date.now() + 5_000;
  while (!(await failed()) && Date.now() < deadline) await running.idle();
  await running.idle();

  expect(await stored(running, order)).toMatchObject({ state: 'refunding', refundFailures: 1 });
  const [refund] = await refundsOf(order);
  expect((await stored(running, order)).refundFailure).toContain(refund?.id);
  expect((await stored(running, order)).charges[0]?.stripeRefundId).toBeNull();
  expect(await refundsOf(order)).toHaveLength(1);

  await later(2 * reconcileAfterMs);
  expect(await refundsOf(order)).toHaveLength(2);
});

test('When the order ended before the capture, then the released authorisation is told as no refund', async () => {
  const order = placeOrder(running);
  await authorised(running, order);
  await cancelOrder(running, order);
  expect((await stored(running, order)).state).toBe('closed');
  expect(await refundedEvents(order)).toEqual([]);
});
