import {
  connectETicketKeys,
  createHttpApp,
  createMetrics,
  rateLimits,
  readETicketCode,
  silentLog,
} from '@ticketing/common';
import { exampleEvent } from '@ticketing/common/testing';
import { Router } from 'express';
import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { drawETickets } from '../../src/e-ticket/draw-e-tickets';
import { keepETickets } from '../../src/e-ticket/keep-e-tickets';
import { scanPdf } from '../e-ticket/read-pdf';
import { beginCaptureOf, placedBy, type RunningOrders, startOrders, startThread } from '../start-orders';
import { type TicketsInMemory, ticketsInMemory } from '../tickets-in-memory';

// A page takes some tenths of a second to draw; many tests at once make that seconds.
jest.setTimeout(60_000);

let running: RunningOrders;
let tickets: TicketsInMemory;
beforeAll(async () => {
  running = await startOrders();
  tickets = ticketsInMemory();
  await tickets.register(running.dapr);
});
afterAll(() => running.close());

/** As auth answers, as far as orders asks. */
const startAuth = (answerOf = (id: string): object => ({ id, email: `${id}@example.com`, version: 1 })) => {
  const internalRoutes = Router();
  internalRoutes.get('/users/:id', (req, res) => {
    res.json(answerOf(req.params.id));
  });
  const { appToken } = running.dapr;
  const metrics = createMetrics('auth');
  return running.dapr.register(
    'auth',
    createHttpApp({ internalRoutes, appApiToken: appToken, log: silentLog, metrics }),
  );
};

const get = (id: string, { buyer = 'bob', zone }: { buyer?: string; zone?: string } = {}) =>
  request(running.app)
    .get(`/api/orders/${id}/ticket`)
    .query(zone === undefined ? {} : { zone })
    .set('Cookie', running.cookieOf(buyer))
    .buffer(true)
    .parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => done(null, Buffer.concat(chunks)));
    });
const problemOf = (id: string, options?: Parameters<typeof get>[1]) =>
  request(running.app)
    .get(`/api/orders/${id}/ticket`)
    .query(options?.zone === undefined ? {} : { zone: options.zone })
    .set('Cookie', running.cookieOf(options?.buyer ?? 'bob'));

async function tell(name: 'ChargeCompleted' | 'ChargeRefunded', orderId: string) {
  await running.dapr.of('payments').events.publish('charges', [exampleEvent(name, { orderId })]);
  await running.dapr.settle();
}

async function bought(title?: string): Promise<{ id: string; ticketId: string }> {
  const startsAt = '2026-12-11T19:30:00.000Z';
  const ticketId = tickets.offer({ startsAt, ...(title === undefined ? {} : { title }) }).id;
  const { id } = await placedBy(running, 'bob', ticketId);
  await beginCaptureOf(running, id);
  await tell('ChargeCompleted', id);
  return { id, ticketId };
}

describe('GET /api/orders/:id/ticket', () => {
  it('is a PDF for its buyer, kept by no cache, whose code says which order and ticket it is', async () => {
    await startAuth();
    const { id, ticketId } = await bought();
    const answer = await get(id);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'cache-control': 'private, no-store',
      'content-disposition': expect.stringMatching(/^inline; filename="e-ticket-[a-z0-9-]+\.pdf"$/),
      'content-length': String(answer.body.length),
    });
    const keys = await connectETicketKeys({ dapr: running.dapr.of('orders'), env: {} });
    expect(readETicketCode(scanPdf(answer.body), keys)).toEqual({ genuine: true, claim: { orderId: id, ticketId } });
    expect((await get(id)).body).toEqual(answer.body);
    expect((await get(id, { zone: 'Asia/Tokyo' })).body).not.toEqual(answer.body);
  });

  it('is there without auth, too: its buyer is named by their account then', async () => {
    await startAuth();
    const { id } = await bought();
    const named = (await get(id)).body;
    await running.dapr.stop('auth');
    const unnamed = await get(id);
    expect(unnamed.status).toBe(200);
    expect(unnamed.body).not.toEqual(named);
    expect(scanPdf(unnamed.body)).toBe(scanPdf(named));
  });

  it('is there though auth answers what cannot be understood: its buyer is named by their account then', async () => {
    const { id } = await bought();
    const unnamed = (await get(id)).body;
    await startAuth((userId) => ({ id: userId, mail: 'not an address' }));
    const answer = await get(id);
    await running.dapr.stop('auth');
    expect([answer.status, answer.body]).toEqual([200, unnamed]);
  });

  it('has a name that every disk takes, whatever the event is called', async () => {
    const { id } = await bought('Ärger & "Co"; ../\r\n東京');
    expect((await get(id)).headers['content-disposition']).toBe(
      `inline; filename="e-ticket-arger-co-${id.slice(-6)}.pdf"`,
    );
    const plain = await bought('東京');
    expect((await get(plain.id)).headers['content-disposition']).toBe(
      `inline; filename="e-ticket-${plain.id.slice(-6)}.pdf"`,
    );
  });

  it('answers 401 and 404 to who is not its buyer', async () => {
    const { id } = await bought();
    expectProblem(await request(running.app).get(`/api/orders/${id}/ticket`), 401, 'NotSignedIn');
    expectProblem(await problemOf(id, { buyer: 'eve' }), 404, 'NotFound');
    expectProblem(await problemOf('000000000000000000000000'), 404, 'NotFound');
  });

  it('answers 409 before the order is paid, once it is cancelled, and once it is refunded', async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    expectProblem(await problemOf(id), 409, 'OrderNotCompleted');
    await request(running.app).delete(`/api/orders/${id}`).set('Cookie', running.cookieOf('bob')).expect(204);
    expectProblem(await problemOf(id), 409, 'OrderNotCompleted');

    const refunded = await bought();
    await tell('ChargeRefunded', refunded.id);
    expectProblem(await problemOf(refunded.id), 409, 'OrderRefunded');
    expectProblem(await problemOf(refunded.id, { buyer: 'eve' }), 404, 'NotFound');
  });

  it.each(['Mars/Olympus', 'x'.repeat(65), '../../etc'])('answers 400 to the zone %j', async (zone) => {
    const { id } = await bought();
    expectProblem(await problemOf(id, { zone }), 400, 'InvalidInput');
  });

  it('answers 429 to who has new ones drawn all the time, and still shows them those that are there', async () => {
    const drawn: string[] = [];
    const on = await startOrders({
      database: running.database,
      eTickets: keepETickets(async ({ zone }) => {
        drawn.push(zone);
        return Buffer.from(zone);
      }),
    });
    const { id } = await bought();
    const { points, perSeconds } = rateLimits.eTicketDrawingsOfAccount;
    const zones = Intl.supportedValuesOf('timeZone').slice(0, points + 1);
    const ask = (zone = '') =>
      request(on.app).get(`/api/orders/${id}/ticket`).query({ zone }).set('Cookie', on.cookieOf('bob'));
    for (const zone of zones.slice(0, points)) expect((await ask(zone)).status).toBe(200);
    expectProblem(await ask(zones[points]), 429, 'TooManyRequests');
    expect((await ask(zones[0])).status).toBe(200);
    on.dapr.clock.advance(perSeconds * 1000 + 1);
    expect((await ask(zones[points])).status).toBe(200);
    expect(drawn).toEqual(zones);
    await on.close();
  });

  it('answers 503 when too many wait for theirs', async () => {
    const { draw } = drawETickets({ startThread, mostWaiting: 0 });
    const on = await startOrders({ database: running.database, eTickets: keepETickets(draw) });
    const { id } = await bought();
    const answer = await request(on.app).get(`/api/orders/${id}/ticket`).set('Cookie', on.cookieOf('bob'));
    expectProblem(answer, 503, 'ETicketsBusy');
    expect(answer.headers['retry-after']).toBe('2');
    await on.close();
  });
});
