import { openPayment } from '../../src/domain/open-payment';
import { reconcilePayments } from '../../src/reconcile/reconcile-payments';
import { StripeNoAnswer } from '../../src/stripe/stripe-errors';
import {
  authorised,
  cancelOrder,
  captured,
  intentOf,
  intentsOf,
  opened,
  placeOrder,
  postPayment,
  publishedOf,
  type RunningPayments,
  reconcileAfterMs,
  startPayments,
  stored,
} from '../start-payments';

jest.setTimeout(60_000);

let running: RunningPayments;
beforeEach(async () => {
  running = await startPayments();
});
afterEach(() => running.close());

const later = async (ms = reconcileAfterMs) => {
  running.dapr.clock.advance(ms);
  return running.reconcile();
};

describe('When an event or a process was lost', () => {
  test('and a card is authorised, then the money is captured though nobody settles', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    expect(await running.reconcile()).toBe(0);
    await later();
    expect((await intentOf(running, order)).status).toBe('succeeded');
  });

  test('and OrderCancelled was the lost one, then the payment is closed all the same', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    order.status = 'Cancelled';
    await later();
    expect((await intentOf(running, order)).status).toBe('canceled');
    expect((await stored(running, order)).state).toBe('closed');
  });

  test('and the order of a captured payment is cancelled, then the money is given back', async () => {
    const order = placeOrder(running);
    await captured(running, order);
    order.status = 'Cancelled';
    await later();
    expect((await publishedOf(running, order)).at(-1)?.type).toBe('charge.refunded');
  });

  test('and the process died between writing the charge and asking Stripe, then the buyer can go on', async () => {
    const order = placeOrder(running);
    await running.deps.payments.insert(openPayment({ ...order, price: 4500 }, running.dapr.clock.now()));
    await later();
    expect((await stored(running, order)).state).toBe('opening');
    expect((await postPayment(running, order)).status).toBe(201);
    expect(await intentsOf(running, order)).toHaveLength(1);
  });

  test('and it died between asking Stripe and keeping the answer, then cancelling the order cancels that one', async () => {
    const order = placeOrder(running);
    const written = await running.deps.payments.insert(
      openPayment({ ...order, price: 4500 }, running.dapr.clock.now()),
    );
    if (!written) throw new Error('the payment was not written');
    await running.deps.stripe.createIntent(written);
    await cancelOrder(running, order);
    expect((await intentOf(running, order)).status).toBe('canceled');
    expect((await stored(running, order)).state).toBe('closed');
  });
});

describe('When there is nothing to do', () => {
  test('then a captured payment of a completed order is looked after once, and never again', async () => {
    const order = placeOrder(running);
    await captured(running, order);
    order.status = 'Completed';
    expect(await later()).toBe(1);
    expect(await stored(running, order)).toMatchObject({ state: 'captured', orderCompleted: true });
    expect(await later(3600_000)).toBe(0);
  });

  test('then one whose order is not completed yet is left as it is, and looked after again', async () => {
    const order = placeOrder(running);
    await captured(running, order);
    expect(await later()).toBe(1);
    expect((await stored(running, order)).state).toBe('captured');
    expect(await later(3600_000)).toBe(1);
  });

  test('then a payment that waits for its buyer is visited less and less often', async () => {
    const order = placeOrder(running, { expiresAt: new Date('2027-01-01').toISOString() });
    await opened(running, order);
    const visits: number[] = [];
    for (let n = 1; n <= 16; n++) if ((await later()) > 0) visits.push(n);
    expect(visits).toEqual([1, 2, 4, 8, 16]);
  });

  test('then closed payments are not looked at', async () => {
    const order = placeOrder(running);
    await opened(running, order);
    await cancelOrder(running, order);
    expect(await later(3600_000)).toBe(0);
  });
});

describe('When Stripe does not know the PaymentIntent of a payment that is being closed', () => {
  const dayMs = 24 * 3600_000;
  const lost = async (visits: number) => {
    const order = placeOrder(running);
    await authorised(running, order);
    await running.model.updateOne({ _id: order.id }, { $set: { intentId: 'pi_of_another_account' } });
    await cancelOrder(running, order);
    await running.model.updateOne({ _id: order.id }, { $set: { visits } });
    return order;
  };

  test('then after a day of that it is visited daily', async () => {
    const order = await lost(300);
    await later();
    expect((await stored(running, order)).dueAt).toEqual(new Date(running.dapr.clock.now().getTime() + dayMs));
  });

  test('then after a month it is left, as it is, and its end is not made up', async () => {
    const order = await lost(329);
    await later();
    expect((await stored(running, order)).dueAt).toBeDefined();
    await later(dayMs);
    expect((await stored(running, order)).dueAt).toBeUndefined();
    expect((await stored(running, order)).state).toBe('closing');
  });
});

test('When replicas reconcile at the same time, then each payment is visited by one of them', async () => {
  const orders = Array.from({ length: 6 }, () => placeOrder(running));
  await Promise.all(orders.map((order) => authorised(running, order)));
  running.dapr.clock.advance(reconcileAfterMs);
  const visited = await Promise.all([running.reconcile(), running.reconcile(), running.reconcile()]);
  expect(visited.reduce((sum, count) => sum + count, 0)).toBe(orders.length);
  for (const order of orders) expect((await stored(running, order)).state).toBe('captured');
});

test('When orders is away, then nothing is decided, it is metered, and the next round goes on', async () => {
  const order = placeOrder(running);
  await authorised(running, order);
  running.dapr.faults = { invoke: () => 'loseAnswer' };
  await later();
  expect((await stored(running, order)).state).toBe('open');
  expect(await running.deps.metrics.registry.metrics()).toMatch(
    /reconciled_total\{[^}]*reconciler="payments",outcome="failed"[^}]*\} 1/,
  );
  running.dapr.faults = {};
  await later(2 * reconcileAfterMs);
  expect((await stored(running, order)).state).toBe('captured');
});

test('When Stripe hangs longer than the next visit is away, then the round ends, and the next one comes to it', async () => {
  const order = placeOrder(running);
  await opened(running, order);
  const tooMany = new AbortController();
  let looks = 0;
  const look = () => {
    if (++looks === 10) tooMany.abort();
    running.dapr.clock.advance(3600_000);
    return Promise.reject(new StripeNoAnswer('timed out'));
  };
  const round = () => reconcilePayments({ ...running.deps, stripe: { ...running.deps.stripe, look } }, tooMany.signal);
  running.dapr.clock.advance(reconcileAfterMs);
  expect([await round(), looks]).toEqual([1, 1]);
  running.dapr.clock.advance(3600_000);
  expect([await round(), looks]).toEqual([1, 2]);
});

test('When more is due than one batch holds, then one round looks after all of it', async () => {
  const count = 130;
  const orders = Array.from({ length: count }, () => placeOrder(running));
  for (const order of orders) {
    await running.deps.payments.insert(openPayment({ ...order, price: 4500 }, running.dapr.clock.now()));
    order.status = 'Cancelled';
  }
  expect(await later()).toBe(count);
  expect(await running.deps.payments.claimDue(1, running.dapr.clock.now())).toEqual([]);
}, 300_000);
