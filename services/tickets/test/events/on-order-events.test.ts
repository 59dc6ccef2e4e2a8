import { type EventData, type EventName, events, makeEvent, newId } from '@ticketing/common';
import { exampleEvent } from '@ticketing/common/testing';
import { holdBy, listedBy, type RunningTickets, startTickets, storedTicket } from '../start-tickets';

let running: RunningTickets;
let id: string;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());
beforeEach(async () => {
  id = (await listedBy(running, 'ada')).id;
  await holdBy(running, id, 'bob', 'order-1');
});

const orderEvent = (name: 'OrderCancelled' | 'OrderCompleted', orderId: string) =>
  exampleEvent(name, {
    id: orderId,
    status: name === 'OrderCompleted' ? 'Completed' : 'Cancelled',
    ticket: { id, title: 'Ada', sellerId: 'ada' },
  });
const tell = async (name: 'OrderCancelled' | 'OrderCompleted', orderId: string) => {
  await running.dapr.of('orders').events.publish('orders', [orderEvent(name, orderId)]);
  await running.dapr.settle();
};

const deadLetters = () =>
  running.dapr.deadLetters.filter(({ event }) => (event.data as { ticket?: { id: string } }).ticket?.id === id);

describe('when an order is cancelled', () => {
  it('its ticket is for sale again, also when the event comes twice', async () => {
    await tell('OrderCancelled', 'order-1');
    await tell('OrderCancelled', 'order-1');
    expect(await storedTicket(running, id)).toMatchObject({ orderId: null, forSale: true, version: 3 });
  });

  it('a ticket that is another order’s by now stays that one’s', async () => {
    await tell('OrderCancelled', 'order-1');
    await holdBy(running, id, 'eve', 'order-2');
    await tell('OrderCancelled', 'order-1');
    expect(await storedTicket(running, id)).toMatchObject({ orderId: 'order-2', forSale: false });
  });

  it('a sold ticket stays sold', async () => {
    await tell('OrderCompleted', 'order-1');
    await tell('OrderCancelled', 'order-1');
    expect(await storedTicket(running, id)).toMatchObject({ orderId: 'order-1', sold: true, forSale: false });
  });
});

describe('when an order is completed', () => {
  it('its ticket is sold, also when the event comes twice', async () => {
    await tell('OrderCompleted', 'order-1');
    await tell('OrderCompleted', 'order-1');
    expect(await storedTicket(running, id)).toMatchObject({ orderId: 'order-1', sold: true, version: 3 });
    expect(deadLetters()).toEqual([]);
  });

  it('without having the ticket, that is seen in the dead letters, and the ticket is left alone', async () => {
    await tell('OrderCompleted', 'order-2');
    expect(await storedTicket(running, id)).toMatchObject({ orderId: 'order-1', sold: false });
    expect(deadLetters()).toMatchObject([{ app: 'tickets', topic: 'orders', reason: 'tries exhausted' }]);
  });
});

it('an event that breaks its contract goes to the dead letters at once; one that is none of ours is let pass', async () => {
  const broken = { ...orderEvent('OrderCancelled', 'order-1'), data: { id: 'order-1' } as never };
  const foreign = stranger('OrderCreated', { status: 'AwaitingPayment' });
  await running.dapr.of('orders').events.publish('orders', [broken, foreign]);
  await running.dapr.settle();
  expect(running.dapr.deadLetters.filter(({ event }) => [broken.id, foreign.id].includes(event.id))).toMatchObject([
    { app: 'tickets', reason: 'dropped', event: { id: broken.id } },
  ]);
  expect((await storedTicket(running, id)).orderId).toBe('order-1');
});

const stranger = <Name extends EventName>(name: Name, data: Partial<EventData<Name>>) =>
  makeEvent<string, unknown>(
    events[name],
    { id: newId(), subject: 'order-1', time: new Date(0) },
    { ...events[name].example, ...data },
  );
