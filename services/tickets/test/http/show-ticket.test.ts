import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { holdBy, listedBy, type RunningTickets, startTickets, storedTicket } from '../start-tickets';

let running: RunningTickets;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());

const show = (id: string) => request(running.app).get(`/api/tickets/${id}`);

describe('GET /api/tickets/:id', () => {
  it('shows a ticket to anybody, with its version as ETag', async () => {
    const ticket = await listedBy(running, 'ada');
    const answer = await show(ticket.id);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(ticket);
    expect(answer.headers.etag).toBe('"1"');
  });

  it('shows a held and a sold one too', async () => {
    const { id } = await listedBy(running, 'ada');
    await holdBy(running, id, 'bob', 'order-1');
    expect((await show(id)).body).toMatchObject({ orderId: 'order-1', sold: false });
    await running.tickets.markSold(id, 'order-1', running.dapr.clock.now());
    expect((await show(id)).body).toMatchObject({ orderId: 'order-1', sold: true });
  });

  it('keeps to itself what is not for everybody', async () => {
    const { id } = await listedBy(running, 'ada');
    await holdBy(running, id, 'bob', 'order-2');
    expect((await show(id)).text).not.toMatch(/bob|outbox|words|holdCheckAt/);
  });

  it('answers 404 for what is not there, and for what was deleted', async () => {
    expectProblem(await show('000000000000000000000000'), 404, 'NotFound');
    const { id } = await listedBy(running, 'ada');
    await running.tickets.remove(await storedTicket(running, id), running.dapr.clock.now());
    expectProblem(await show(id), 404, 'NotFound');
  });
});
