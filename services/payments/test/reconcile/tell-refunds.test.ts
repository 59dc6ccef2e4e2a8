import { tellRefundAgainAfterMs as tellAgainAfterMs } from '../../src/data/payments';
import { orderRefund } from '../../src/operate/order-refund';
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
    expect(await stored(running, order)).not.toHaveProperty('refundTellAt');
    delete order.refundedAt;
    await later();
    expect(await told(order)).toHaveLength(1);
  });

  test('and the order does not say so, then it is told again and again until it does, each time as a new event', async () => {
    const order = await refunded();
    await later(tellAgainAfterMs - 1);
    expect(await told(order)).toHaveLength(1);
    await later(1);
    await later(2 * tellAgainAfterMs - 1);
    expect(await told(order)).toHaveLength(2);
    await later(1);
    order.refundedAt = running.dapr.clock.now().toISOString();
    await later(4 * tellAgainAfterMs);
    await later(8 * tellAgainAfterMs);
    const events = await told(order);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
    expect(events.map(({ data }) => data)).toEqual([events[0]?.data, events[0]?.data, events[0]?.data]);
  });

  test('and orders does not answer, then nothing is taken for heard', async () => {
    const order = await refunded();
    order.refundedAt = running.dapr.clock.now().toISOString();
    running.dapr.faults = { invoke: () => 'loseAnswer' };
    await later();
    expect(await stored(running, order)).toHaveProperty('refundTellAt');
    running.dapr.faults = {};
    await later(2 * tellAgainAfterMs);
    expect(await stored(running, order)).not.toHaveProperty('refundTellAt');
  });

  test('and two replicas look at the same moment, then one of them tells', async () => {
    const order = await refunded();
    running.dapr.clock.advance(tellAgainAfterMs);
    await Promise.all([running.tellRefunds(), running.tellRefunds()]);
    expect(await told(order)).toHaveLength(2);
  });

  test('and orders that cannot be asked are many, then the next one is told all the same', async () => {
    await running.model.collection.insertMany(
      Array.from({ length: 60 }, (_, n) => ({
        ...{ _id: `gone-${n}` as never, state: 'refunded', charges: [], disputes: [], version: 1 },
        refundTellAt: new Date(0),
      })),
    );
    const order = await refunded();
    running.dapr.faults = { invoke: (_from, { path }) => (path.includes('gone-') ? 'loseRequest' : undefined) };
    await later();
    await later(1_000);
    expect(await told(order)).toHaveLength(2);
  });

  test('and the order was never sold, then there is nothing to hear', async () => {
    const order = await refunded();
    order.status = 'Cancelled';
    await later();
    expect(await stored(running, order)).not.toHaveProperty('refundTellAt');
    expect(await told(order)).toHaveLength(1);
  });
});
