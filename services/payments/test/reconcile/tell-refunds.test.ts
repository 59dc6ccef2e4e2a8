import { orderRefund } from '../../src/operate/order-refund';
import { tellAgainAfterMs } from '../../src/reconcile/tell-refunds';
import {
  captured,
  placeOrder,
  publishedOf,
  type RunningPayments,
  reconcileAfterMs,
  type StandInOrder,
  startPayments,
  stored,
} from '../start-payments';

let running: RunningPayments;
beforeEach(async () => {
  running = await startPayments();
});
afterEach(() => running.close());

/** As an operator gives it back. */
async function refunded(): Promise<StandInOrder> {
  const order = placeOrder(running);
  await captured(running, order);
  order.status = 'Completed';
  await orderRefund(running.deps.payments, order.id);
  running.dapr.clock.advance(reconcileAfterMs);
  await running.reconcile();
  expect((await stored(running, order)).state).toBe('refunded');
  return order;
}
const later = async (ms = tellAgainAfterMs) => {
  running.dapr.clock.advance(ms);
  await running.tellRefunds();
};
const told = async (order: StandInOrder) =>
  (await publishedOf(running, order)).filter(({ type }) => type === 'charge.refunded');

describe('When money was given back', () => {
  test('and the order says so, then it is not told again', async () => {
    const order = await refunded();
    order.refundedAt = running.dapr.clock.now().toISOString();
    await later();
    expect(await stored(running, order)).not.toHaveProperty('refundToldAt');
    delete order.refundedAt;
    await later();
    expect(await told(order)).toHaveLength(1);
  });

  test('and the order does not say so, then it is told again and again until it does, each time as a new event', async () => {
    const order = await refunded();
    await later(tellAgainAfterMs - 1);
    expect(await told(order)).toHaveLength(1);
    await later(1);
    await later();
    order.refundedAt = running.dapr.clock.now().toISOString();
    await later();
    await later();
    const events = await told(order);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
    expect(events.map(({ data }) => data)).toEqual([events[0]?.data, events[0]?.data, events[0]?.data]);
  });

  test('and orders does not answer, then nothing is taken for heard', async () => {
    const order = await refunded();
    order.refundedAt = running.dapr.clock.now().toISOString();
    running.dapr.faults = { invoke: () => 'loseAnswer' };
    await later();
    expect(await stored(running, order)).toHaveProperty('refundToldAt');
    running.dapr.faults = {};
    await running.tellRefunds();
    expect(await stored(running, order)).not.toHaveProperty('refundToldAt');
  });

  test('and the order was never sold, then there is nothing to hear', async () => {
    const order = await refunded();
    order.status = 'Cancelled';
    await later();
    expect(await stored(running, order)).not.toHaveProperty('refundToldAt');
    expect(await told(order)).toHaveLength(1);
  });
});
