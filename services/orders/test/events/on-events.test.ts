import type { CloudEvent, EventName } from '@ticketing/common';
import { exampleEvent } from '@ticketing/common/testing';
import { beginCaptureOf, placedBy, type RunningOrders, startOrders, storedOrder, windowMs } from '../start-orders';
import { type TicketsInMemory, ticketsInMemory } from '../tickets-in-memory';

let running: RunningOrders;
let tickets: TicketsInMemory;
let id: string;
beforeAll(async () => {
  running = await startOrders();
  tickets = ticketsInMemory();
  await tickets.register(running.dapr);
});
afterAll(() => running.close());
beforeEach(async () => {
  id = (await placedBy(running, 'bob', tickets.offer().id)).id;
});

const publish = async (app: 'payments' | 'expiration', event: CloudEvent) => {
  await running.dapr.of(app).events.publish(app === 'payments' ? 'charges' : 'expirations', [event]);
  await running.dapr.settle();
};
const charge = (name: EventName, data: object = {}) =>
  publish('payments', exampleEvent(name, { orderId: id, ...data } as never) as CloudEvent);
const expired = (orderId = id) => publish('expiration', exampleEvent('OrderExpired', { orderId }));
const told = () =>
  running.dapr.published
    .filter(({ topic, event }) => topic === 'orders' && event.subject === id)
    .map(({ event }) => event.type);
const deadLetters = () =>
  running.dapr.deadLetters.filter(({ event }) => (event.data as { orderId: string }).orderId === id);

describe('OrderExpired', () => {
  it('cancels an order that is past its deadline, once', async () => {
    running.dapr.clock.advance(windowMs);
    await expired();
    await expired();
    expect(await storedOrder(running, id)).toMatchObject({ status: 'Cancelled', cancelReason: 'Expired', version: 2 });
    expect(told()).toEqual(['order.created', 'order.cancelled']);
  });

  it('that comes early cuts nobody’s time short', async () => {
    running.dapr.clock.advance(windowMs - 1);
    await expired();
    expect(await storedOrder(running, id)).toMatchObject({ status: 'AwaitingPayment', version: 1 });
  });

  it('leaves alone what is being captured, is completed, or is not there', async () => {
    await beginCaptureOf(running, id);
    running.dapr.clock.advance(windowMs);
    await expired();
    expect((await storedOrder(running, id)).status).toBe('Capturing');
    await charge('ChargeCompleted');
    await expired();
    expect((await storedOrder(running, id)).status).toBe('Completed');
    const before = running.dapr.deadLetters.length;
    await expired('unknown');
    expect(running.dapr.deadLetters).toHaveLength(before);
  });
});

describe('ChargeCompleted', () => {
  it('completes an order whose money was being taken, once, past its deadline too', async () => {
    await beginCaptureOf(running, id);
    running.dapr.clock.advance(windowMs);
    await charge('ChargeCompleted');
    await charge('ChargeCompleted');
    expect(await storedOrder(running, id)).toMatchObject({ status: 'Completed', version: 3 });
    expect(told()).toEqual(['order.created', 'order.completed']);
    expect(deadLetters()).toEqual([]);
  });

  it('without our leave completes nothing and is seen in the dead letters', async () => {
    await charge('ChargeCompleted');
    expect((await storedOrder(running, id)).status).toBe('AwaitingPayment');
    expect(deadLetters()).toMatchObject([{ app: 'orders', topic: 'charges', reason: 'tries exhausted' }]);
  });
});

describe('ChargeFailed', () => {
  it('changes nothing while the buyer may try again', async () => {
    await charge('ChargeFailed', { final: false });
    expect(await storedOrder(running, id)).toMatchObject({ status: 'AwaitingPayment', version: 1 });
  });

  it('cancels when it is final', async () => {
    await charge('ChargeFailed', { final: true });
    await charge('ChargeFailed', { final: true });
    expect(await storedOrder(running, id)).toMatchObject({
      status: 'Cancelled',
      cancelReason: 'PaymentFailed',
      version: 2,
    });
  });

  it('never cancels what is being captured', async () => {
    await beginCaptureOf(running, id);
    await charge('ChargeFailed', { final: true });
    expect((await storedOrder(running, id)).status).toBe('Capturing');
  });
});

it('events that are none of ours are let pass, broken ones go to the dead letters', async () => {
  await charge('ChargeCreated');
  expect(deadLetters()).toEqual([]);
  await publish('payments', {
    ...exampleEvent('ChargeCompleted'),
    data: { orderId: id, status: 'Completed' } as never,
  });
  expect(deadLetters()).toMatchObject([{ reason: 'dropped' }]);
});

describe('ChargeRefunded', () => {
  it('makes the e-ticket of a completed order void, once, and leaves the order completed', async () => {
    await beginCaptureOf(running, id);
    await charge('ChargeCompleted');
    await charge('ChargeRefunded');
    await charge('ChargeRefunded');
    const refundedAt = running.dapr.clock.now();
    expect(await storedOrder(running, id)).toMatchObject({ status: 'Completed', refundedAt, version: 4 });
    expect(told()).toEqual(['order.created', 'order.completed', 'order.refunded']);
    const last = running.dapr.published.findLast(({ topic }) => topic === 'orders')?.event;
    expect(last).toMatchObject({
      data: { id, status: 'Completed', refundedAt: refundedAt.toISOString() },
    });
  });

  it('that overtakes the news of the payment completes the order first: its e-ticket is never good', async () => {
    await beginCaptureOf(running, id);
    await charge('ChargeRefunded');
    await charge('ChargeCompleted');
    expect(await storedOrder(running, id)).toMatchObject({ status: 'Completed', refundedAt: expect.any(Date) });
    expect(told()).toEqual(['order.created', 'order.completed', 'order.refunded']);
    expect(deadLetters()).toEqual([]);
  });

  it('changes nothing of an order that has ended without a sale, still waits, or is not there', async () => {
    await charge('ChargeRefunded');
    expect(await storedOrder(running, id)).toMatchObject({ status: 'AwaitingPayment', version: 1 });
    await charge('ChargeFailed', { final: true, reason: 'card_declined' });
    await charge('ChargeRefunded');
    await charge('ChargeRefunded', { orderId: 'unknown' });
    expect(await storedOrder(running, id)).toMatchObject({ status: 'Cancelled', version: 2 });
    expect(told()).toEqual(['order.created', 'order.cancelled']);
    expect(deadLetters()).toEqual([]);
  });
});
