import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { holdBy, listedBy, type RunningTickets, releaseBy, startTickets, storedTicket } from '../start-tickets';

let running: RunningTickets;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());

const put = (id: string, body: object, { seller = 'ada', ifMatch }: { seller?: string; ifMatch?: string } = {}) => {
  const asking = request(running.app).put(`/api/tickets/${id}`).set('Cookie', running.cookieOf(seller));
  return (ifMatch ? asking.set('If-Match', ifMatch) : asking).send(body);
};
const change = { title: 'Ada unplugged', price: 5000 };

describe('PUT /api/tickets/:id', () => {
  it('changes title and price: 200, the next version, and one event that tells of it', async () => {
    const ticket = await listedBy(running, 'ada');
    const answer = await put(ticket.id, change);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ...ticket, ...change, version: 2 });
    expect(answer.headers.etag).toBe('"2"');
    await running.dapr.settle();
    expect(running.dapr.published.at(-1)).toMatchObject({
      event: { type: 'ticket.updated', subject: ticket.id, data: { ...change, version: 2 } },
    });
  });

  it('changes venue and date; what is left out stays, and null takes away', async () => {
    const { id } = await listedBy(running, 'ada', { venue: 'Old Hall', startsAt: '2027-06-30T19:30:00.000Z' });
    const after = async (body: object) => {
      const { venue, startsAt } = (await put(id, { ...change, ...body })).body;
      return { venue, startsAt };
    };
    expect(await after({})).toEqual({ venue: 'Old Hall', startsAt: '2027-06-30T19:30:00.000Z' });
    expect(await after({ venue: 'New Hall' })).toEqual({ venue: 'New Hall', startsAt: '2027-06-30T19:30:00.000Z' });
    expect(await after({ startsAt: null })).toEqual({ venue: 'New Hall', startsAt: null });
    expect(await after({ venue: null, startsAt: '2027-07-01T00:00:00Z' })).toEqual({
      venue: null,
      startsAt: '2027-07-01T00:00:00.000Z',
    });
    expect((await storedTicket(running, id)).words).not.toContain('hall');
  });

  it('changes a ticket that was listed before there were venues and dates', async () => {
    const { id } = await listedBy(running, 'ada');
    await running.model.collection.updateOne({ _id: id } as never, {
      $unset: { venue: '', startsAt: '', startsAtOrNever: '' },
    });
    expect((await request(running.app).get(`/api/tickets/${id}`)).body).toMatchObject({ venue: null, startsAt: null });
    expect((await put(id, change)).body).toMatchObject({ ...change, venue: null, startsAt: null });
  });

  it('is found by its new words, and not by the old ones', async () => {
    const { id } = await listedBy(running, 'ada', { title: 'Oldword' });
    await put(id, { title: 'Newword', price: 100 });
    const found = async (q: string) => (await request(running.app).get('/api/tickets').query({ q })).body.items;
    expect(await found('oldword')).toEqual([]);
    expect(await found('newword')).toMatchObject([{ id }]);
  });

  it.each([
    ['If-Match', { ifMatch: '"1"' }, {}],
    ['a weak If-Match', { ifMatch: 'W/"1"' }, {}],
    ['a list in If-Match', { ifMatch: '"7", "1"' }, {}],
    ['the version in the body', {}, { version: 1 }],
  ])('with %s changes the version that was seen, and answers 412 for another', async (_by, options, body) => {
    const { id } = await listedBy(running, 'ada');
    expect((await put(id, { ...change, ...body }, options)).status).toBe(200);
    expectProblem(await put(id, { title: 'Lost update', price: 100, ...body }, options), 412, 'TicketChanged');
    expect(await storedTicket(running, id)).toMatchObject({ title: change.title, version: 2 });
  });

  it('with `If-Match: *` changes whatever is there', async () => {
    const { id } = await listedBy(running, 'ada');
    expect((await put(id, change, { ifMatch: '*' })).status).toBe(200);
  });

  it('answers 401, 403, 404 to who may not', async () => {
    const { id } = await listedBy(running, 'ada');
    expectProblem(await request(running.app).put(`/api/tickets/${id}`).send(change), 401, 'NotSignedIn');
    expectProblem(await put(id, change, { seller: 'eve' }), 403, 'NotYours');
    expectProblem(await put('000000000000000000000000', change), 404, 'NotFound');
    expect(await storedTicket(running, id)).toMatchObject({ version: 1 });
  });

  it('answers 409 while the ticket is held, and once it is sold; and is possible again when it is released', async () => {
    const { id } = await listedBy(running, 'ada');
    await holdBy(running, id, 'bob', 'order-1');
    expectProblem(await put(id, change), 409, 'TicketHeld');
    await releaseBy(running, id, 'order-1');
    expect((await put(id, change)).status).toBe(200);
    await holdBy(running, id, 'bob', 'order-2');
    await running.tickets.markSold(id, 'order-2', running.dapr.clock.now());
    expectProblem(await put(id, { title: 'Sold', price: 100 }), 409, 'TicketSold');
    expect(await storedTicket(running, id)).toMatchObject(change);
  });

  it('never loses one of two changes that come at once', async () => {
    const { id } = await listedBy(running, 'ada');
    const answers = await Promise.all([1, 2, 3].map((n) => put(id, { title: `Change ${n}`, price: 100 * n })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await storedTicket(running, id)).version).toBe(4);
    const seen = await Promise.all(
      [1, 2, 3].map((n) => put(id, { title: 'Seen', price: 100 * n }, { ifMatch: '"4"' })),
    );
    expect(seen.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });
});
