import request from 'supertest';
import { expectProblem } from '../expect-problem';
import { type RunningTickets, startTickets, storedTicket } from '../start-tickets';

let running: RunningTickets;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());

const post = (body: object, cookie = running.cookieOf('ada')) =>
  request(running.app).post('/api/tickets').set('Cookie', cookie).send(body);

describe('POST /api/tickets', () => {
  it('lists a ticket: 201, where it is, and what it is', async () => {
    const answer = await post({ title: 'Ada and the Engines', price: 4500 });
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe(`/api/tickets/${answer.body.id}`);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      title: 'Ada and the Engines',
      price: 4500,
      currency: 'usd',
      userId: 'ada',
      orderId: null,
      sold: false,
      version: 1,
      createdAt: running.dapr.clock.now().toISOString(),
    });
  });

  it('tells of it once, in the words of the contract', async () => {
    const { body } = await post({ title: 'Told of', price: 100 });
    await running.dapr.settle();
    const told = running.dapr.published.filter(({ event }) => event.subject === body.id);
    expect(told).toMatchObject([
      {
        topic: 'tickets',
        event: {
          type: 'ticket.created',
          data: { id: body.id, title: 'Told of', price: 100, userId: 'ada', version: 1 },
        },
      },
    ]);
    expect((await storedTicket(running, body.id)).outbox).toEqual([]);
  });

  it('answers 401 to who is not signed in', async () => {
    expectProblem(await post({ title: 'Ada', price: 100 }, 'session=forged'), 401, 'NotSignedIn');
    expectProblem(
      await request(running.app).post('/api/tickets').send({ title: 'Ada', price: 100 }),
      401,
      'NotSignedIn',
    );
  });

  it('takes prices from 50 to 99,999,999 cents and no others', async () => {
    for (const price of [50, 99_999_999]) expect((await post({ title: 'Ada', price })).status).toBe(201);
    for (const price of [49, 100_000_000]) {
      expect(expectProblem(await post({ title: 'Ada', price }), 400).errors).toEqual([
        { field: 'price', message: 'The price is between 50 and 99999999 cents.' },
      ]);
    }
  });

  it('takes titles of 1 to 200 characters after trimming, however many bytes they are', async () => {
    expect((await post({ title: '  A\t', price: 100 })).body.title).toBe('A');
    for (const character of ['a', 'é', '漢', '🎟']) {
      expect((await post({ title: ` ${character.repeat(200)} `, price: 100 })).status).toBe(201);
      expectProblem(await post({ title: character.repeat(201), price: 100 }), 400);
    }
    for (const title of ['Sigur Rós', 'فيروز', 'עברי לידר', '👨‍👩‍👧 day', "O'Brien & Söhne <live>"]) {
      expect((await post({ title, price: 100 })).body.title).toBe(title);
    }
  });
});
