import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { holdBy, listedBy, type RunningTickets, releaseBy, startTickets, storedTicket } from '../start-tickets';

let running: RunningTickets;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());

const remove = (id: string, seller = 'ada') =>
  request(running.app).delete(`/api/tickets/${id}`).set('Cookie', running.cookieOf(seller));

describe('DELETE /api/tickets/:id', () => {
  it('takes the ticket off the marketplace: 204, one event, and then 404 everywhere', async () => {
    const { id } = await listedBy(running, 'ada');
    const answer = await remove(id);
    expect([answer.status, answer.text]).toEqual([204, '']);
    await running.dapr.settle();
    expect(running.dapr.published.at(-1)).toMatchObject({ event: { type: 'ticket.deleted', subject: id } });
    const { items } = (await request(running.app).get('/api/tickets')).body;
    expect(items).toEqual([]);
    expectProblem(await request(running.app).get(`/api/tickets/${id}`), 404);
    expectProblem(await remove(id), 404, 'NotFound');
    expect((await holdBy(running, id, 'bob', 'order-1')).body).toEqual({ granted: false, reason: 'NotFound' });
  });

  it('answers 401, 403, 404 to who may not', async () => {
    const { id } = await listedBy(running, 'ada');
    expectProblem(await request(running.app).delete(`/api/tickets/${id}`), 401, 'NotSignedIn');
    expectProblem(await remove(id, 'eve'), 403, 'NotYours');
    expectProblem(await remove('000000000000000000000000'), 404, 'NotFound');
    expect((await storedTicket(running, id)).deleted).toBe(false);
  });

  it('answers 409 while the ticket is held and once it is sold', async () => {
    const { id } = await listedBy(running, 'ada');
    await holdBy(running, id, 'bob', 'order-2');
    expectProblem(await remove(id), 409, 'TicketHeld');
    await running.tickets.markSold(id, 'order-2', running.dapr.clock.now());
    expectProblem(await remove(id), 409, 'TicketSold');
    const other = await listedBy(running, 'ada');
    await holdBy(running, other.id, 'bob', 'order-3');
    await releaseBy(running, other.id, 'order-3');
    expect((await remove(other.id)).status).toBe(204);
  });

  it('answers 412 when the ticket is not what the seller saw', async () => {
    const { id } = await listedBy(running, 'ada');
    expectProblem(await remove(id).set('If-Match', '"7"'), 412, 'TicketChanged');
    expectProblem(await remove(id).set('If-Match', '"7","8"'), 412, 'TicketChanged');
    expect((await remove(id).set('If-Match', '"1"')).status).toBe(204);
  });
});
