import type { StandInOrder } from '../start-payments';
import {
  authorised,
  cancelOrder,
  captured,
  cards,
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
jest.setTimeout(60_000);
const refundsFail = '4000000000005126';

/** What an earlier test left is nobody's business in the months that follow. */
afterEach(() => running.model.updateMany({}, { $unset: { dueAt: '' } }));

const later = (ms: number) => {
  running.dapr.clock.advance(ms);
  return running.reconcile();
};
const refundsOf = async (order: StandInOrder) =>
  (await running.stripe.refunds.list({ payment_intent: (await intentOf(running, order)).id })).data;
const refundedEvents = async (order: StandInOrder) =>
  (await publishedOf(running, order)).filter(({ type }) => type === 'charge.refunded');
const dayMs = 24 * 3600_000;
/** Given back with no webhook to tell of what follows. */
async function givenBack(card: string): Promise<StandInOrder> {
  await running.misbehave({ kind: 'drop-webhook' });
  const order = placeOrder(running);
  await confirm(running, await opened(running, order), card);
  await settle(running, order);
  await cancelOrder(running, order);
  expect((await stored(running, order)).state).toBe('refunded');
  return order;
}
const refundsWaiting = async () => (await running.deps.metrics.workWaiting.get()).values[0]?.value;

test('When Stripe refuses a refund, then that is seen, tried again later and later, and done in the end', async () => {
  // A webhook that comes late would be one more visit.
  await running.misbehave({ kind: 'drop-webhook' });
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

describe('When webhooks never come', () => {
  test('and a refund failed at the bank, then that is seen within a day, and it is given back again', async () => {
    const order = await givenBack(refundsFail);
    await later(dayMs - 1);
    expect(await refundsOf(order)).toHaveLength(1);
    await later(1);
    expect(await refundsOf(order)).toHaveLength(2);
    const { ledger, refundFailures, state } = await stored(running, order);
    expect([state, refundFailures]).toEqual(['refunded', 1]);
    expect(ledger.map(({ kind }) => kind)).toEqual([
      'authorised',
      'captured',
      'refunded',
      'refund_returned',
      'refunded',
    ]);
  });

  test('and a refund arrives, then it is looked at seldom, for a month, and never again', async () => {
    const order = await givenBack(cards.approved);
    const looks: number[] = [];
    for (let day = 1; day <= 45; day++) {
      const { visits } = await stored(running, order);
      await later(dayMs);
      if ((await stored(running, order)).visits > visits) looks.push(day);
    }
    expect(looks).toEqual([1, 2, 4, 8, 16, 24, 32]);
    expect(await stored(running, order)).toMatchObject({ state: 'refunded', refundStands: true });
    expect((await stored(running, order)).dueAt).toBeUndefined();
    expect(await refundsOf(order)).toHaveLength(1);
  });

  test('and Stripe does not know the payment any more, then it is not looked for longer than that', async () => {
    const order = await givenBack(cards.approved);
    await running.model.updateOne({ _id: order.id }, { $set: { intentId: 'pi_of_another_account' } });
    for (let week = 1; week <= 6; week++) await later(8 * dayMs);
    expect(await stored(running, order)).toMatchObject({ state: 'refunded', refundStands: false });
    expect((await stored(running, order)).dueAt).toBeUndefined();
  });
});

test("When a refund is refused time and again, then it is tried daily, and stays in the operator's list", async () => {
  const order = placeOrder(running);
  await captured(running, order);
  await running.misbehave({ kind: 'server-error', operation: 'refunds.create' });
  await cancelOrder(running, order);
  const failures = async () => (await stored(running, order)).refundFailures;
  while ((await failures()) < 14) await later(dayMs);
  for (let day = 15; day <= 18; day++) {
    await later(dayMs - 1);
    expect(await failures()).toBe(day - 1);
    await later(1);
    expect(await failures()).toBe(day);
  }
  expect((await running.deps.payments.findRefunding()).map(({ _id }) => _id)).toContain(order.id);
});

test('When the order ended before the capture, then the released authorisation is told as no refund', async () => {
  const order = placeOrder(running);
  await authorised(running, order);
  await cancelOrder(running, order);
  expect((await stored(running, order)).state).toBe('closed');
  expect(await refundedEvents(order)).toEqual([]);
});
