import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
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
      venue: null,
      startsAt: null,
      price: 4500,
      currency: 'usd',
      userId: 'ada',
      orderId: null,
      sold: false,
      begun: false,
      version: 1,
      createdAt: running.dapr.clock.now().toISOString(),
    });
  });

  it('takes what the ticket is for: a venue, trimmed, and a date, told in UTC', async () => {
    const event = { venue: '  Konzerthaus Berlin ', startsAt: '2027-06-30T19:30:00+02:00' };
    const told = { venue: 'Konzerthaus Berlin', startsAt: '2027-06-30T17:30:00.000Z' };
    const { body, status } = await post({ title: 'Ada', price: 100, ...event });
    expect([status, body]).toMatchObject([201, told]);
    expect((await request(running.app).get(`/api/tickets/${body.id}`)).body).toEqual(body);
    await running.dapr.settle();
    expect(running.dapr.published.at(-1)?.event).toMatchObject({ type: 'ticket.created', data: told });
  });

  it('takes null for no venue and no date, as it answers them; events leave out what is not known', async () => {
    const { body } = await post({ title: 'Ada', price: 100, venue: null, startsAt: null });
    expect(body).toMatchObject({ venue: null, startsAt: null });
    await running.dapr.settle();
    const data = running.dapr.published.at(-1)?.event.data;
    expect(data).toMatchObject({ id: body.id });
    expect(data).not.toHaveProperty('venue');
    expect(data).not.toHaveProperty('startsAt');
  });

  it.each([
    ['just ahead', (now: Date) => new Date(now.getTime() + 1).toISOString()],
    ['a leap day', () => '2028-02-29T20:00:00Z'],
    ['without fractions, in lower case', () => '2027-06-30t19:30:00z'],
    ['with nine digits of fractions', () => '2027-06-30T19:30:00.123456789Z'],
    ['the last moment there is', () => '9999-12-31T23:59:59.999Z'],
  ])('takes a date that is %s', async (_what, dateAt) => {
    const startsAt = dateAt(running.dapr.clock.now());
    const { status, body } = await post({ title: 'Ada', price: 100, startsAt });
    expect([status, body.startsAt]).toEqual([201, new Date(startsAt.toUpperCase()).toISOString()]);
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
