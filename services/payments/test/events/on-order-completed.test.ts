import {
  captured,
  completeOrder,
  opened,
  placeOrder,
  reconcileAfterMs,
  sharedPayments,
  stored,
} from '../start-payments';

const running = sharedPayments();

describe('When an order is completed', () => {
  test('then its captured payment is at its end, and the reconciler does not come for it', async () => {
    const order = placeOrder(running);
    await captured(running, order);
    await completeOrder(running, order);
    expect(await stored(running, order)).toMatchObject({ state: 'captured', orderCompleted: true });
    const { version } = await stored(running, order);
    running.dapr.clock.advance(reconcileAfterMs);
    await running.reconcile();
    expect((await stored(running, order)).version).toBe(version);
  });

  test('and told twice, then nothing is written the second time', async () => {
    const order = placeOrder(running);
    await captured(running, order);
    await completeOrder(running, order);
    const { version } = await stored(running, order);
    await completeOrder(running, order);
    expect((await stored(running, order)).version).toBe(version);
  });

  test('before its payment is known to be captured, then the payment is left to the reconciler', async () => {
    const order = placeOrder(running);
    await opened(running, order);
    await completeOrder(running, order);
    expect(await stored(running, order)).toMatchObject({ state: 'open', orderCompleted: false });
  });

  test('and has no payment here, then none is written', async () => {
    const order = placeOrder(running);
    await completeOrder(running, order);
    expect(await running.deps.payments.find(order.id)).toBeNull();
  });
});
