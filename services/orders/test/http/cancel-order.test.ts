import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { beginCaptureOf, placedBy, post, type RunningOrders, startOrders, storedOrder } from '../start-orders';
import { type TicketsInMemory, ticketsInMemory } from '../tickets-in-memory';

let running: RunningOrders;
let tickets: TicketsInMemory;
beforeAll(async () => {
  running = await startOrders();
  tickets = ticketsInMemory();
  await tickets.register(running.dapr);
});
afterAll(() => running.close());

const cancel = (id: string, user = 'bob') =>
  request(running.app).delete(`/api/orders/${id}`).set('Cookie', running.cookieOf(user));
const told = (id: string) =>
  running.dapr.published.filter(({ event }) => event.subject === id).map(({ event }) => event.type);

describe('DELETE /api/orders/:id', () => {
  it('cancels: 204, and 204 again; told of once, with the reason', async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    for (let time = 0; time < 2; time++) {
      const answer = await cancel(id);
      expect([answer.status, answer.text]).toEqual([204, '']);
    }
    expect(await storedOrder(running, id)).toMatchObject({ status: 'Cancelled', cancelReason: 'CancelledByBuyer' });
    await running.dapr.settle();
    expect(told(id)).toEqual(['order.created', 'order.cancelled']);
    expect(running.dapr.published.at(-1)?.event.data).toMatchObject({
      reason: 'CancelledByBuyer',
      status: 'Cancelled',
    });
  });

  it('answers 404 for another’s order and for none, 401 to who is not signed in', async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    expectProblem(await cancel(id, 'eve'), 404, 'NotFound');
    expectProblem(await cancel('0'.repeat(24)), 404, 'NotFound');
    expectProblem(await request(running.app).delete(`/api/orders/${id}`), 401, 'NotSignedIn');
    expect((await storedOrder(running, id)).status).toBe('AwaitingPayment');
  });

  it('answers 409 while the money is being taken, and once it is', async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    await beginCaptureOf(running, id);
    expectProblem(await cancel(id), 409, 'BeingCaptured');
    await running.model.updateOne({ _id: id }, { status: 'Completed' });
    expectProblem(await cancel(id), 409, 'AlreadyCompleted');
    expect(await storedOrder(running, id)).toMatchObject({ status: 'Completed', cancelReason: null });
  });

  it('cancels an order whose hold is not known, and tells nothing of what was never told of', async () => {
    running.dapr.faults = { invoke: () => 'loseRequest' };
    const { orderId } = (await post(running, 'bob', { ticketId: tickets.offer().id })).body;
    running.dapr.faults = {};
    expect((await cancel(orderId)).status).toBe(204);
    await running.dapr.settle();
    expect(told(orderId)).toEqual([]);
  });

  it('lets the ticket of such an order go at once: no event would', async () => {
    const ticket = tickets.offer();
    running.dapr.faults = { invoke: () => 'loseAnswer' };
    const { orderId } = (await post(running, 'bob', { ticketId: ticket.id })).body;
    running.dapr.faults = {};
    expect(ticket.orderId).toBe(orderId);
    await cancel(orderId).expect(204);
    expect(ticket.orderId).toBeNull();
  });

  it('never wins with begin-capture: of the two at once, one is done and the other is told so', async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await placedBy(running, 'bob', tickets.offer().id);
      const [cancelled, begun] = await Promise.all([cancel(id), beginCaptureOf(running, id)]);
      const { granted } = begun.body as { granted: boolean };
      expect(cancelled.status).toBe(granted ? 409 : 204);
      expect((await storedOrder(running, id)).status).toBe(granted ? 'Capturing' : 'Cancelled');
    }
  });
});
