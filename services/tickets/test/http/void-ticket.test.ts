import { newId } from '@ticketing/common';
import { holdBy, listedBy, type RunningTickets, startTickets, storedTicket } from '../start-tickets';

let running: RunningTickets;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());

const refundedAt = '2026-11-23T08:30:00.000Z';
const tell = (ticketId: string, body: object, app = 'orders') =>
  running.dapr
    .of(app)
    .invoker.invoke({ app: 'tickets', method: 'POST', path: `internal/tickets/${ticketId}/void`, body });

it('makes the e-ticket of its order void, says the same again, and leaves all else as it is', async () => {
  const { id } = await listedBy(running, 'ada');
  await holdBy(running, id, 'bob', 'order-1');
  const before = await storedTicket(running, id);
  for (const at of [refundedAt, '2026-11-24T00:00:00.000Z'])
    expect((await tell(id, { orderId: 'order-1', refundedAt: at })).status).toBe(204);
  const refunded = { orderId: 'order-1', at: new Date(refundedAt) };
  expect(await storedTicket(running, id)).toEqual({ ...before, refunded, outbox: expect.anything() });
});

it('says so when the ticket is another order’s, or is not there', async () => {
  const { id } = await listedBy(running, 'ada');
  await holdBy(running, id, 'bob', 'order-1');
  for (const ticketId of [id, newId()]) {
    const answer = await tell(ticketId, { orderId: 'order-2', refundedAt });
    expect([answer.status, answer.body]).toEqual([409, expect.objectContaining({ type: '/problems/NotItsTicket' })]);
  }
  expect(await storedTicket(running, id)).not.toHaveProperty('refunded');
});

it('is for orders only, and takes nothing but what it understands', async () => {
  const { id } = await listedBy(running, 'ada');
  await holdBy(running, id, 'bob', 'order-1');
  expect((await tell(id, { orderId: 'order-1', refundedAt }, 'payments')).status).toBe(403);
  for (const body of [{}, { orderId: 'order-1' }, { orderId: 'order-1', refundedAt: 'yesterday' }])
    expect((await tell(id, body)).status).toBe(400);
  expect(await storedTicket(running, id)).not.toHaveProperty('refunded');
});
