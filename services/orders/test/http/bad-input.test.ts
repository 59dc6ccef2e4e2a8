// What is not what a route asks for is refused with a problem document, and changes nothing.
import request, { type Test } from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { placedBy, type RunningOrders, startOrders } from '../start-orders';
import { type Offered, type TicketsInMemory, ticketsInMemory } from '../tickets-in-memory';

let running: RunningOrders;
let tickets: TicketsInMemory;
let server: string;
let cookie: string;
let offered: Offered;
let before: string;
beforeAll(async () => {
  running = await startOrders();
  tickets = ticketsInMemory();
  await tickets.register(running.dapr);
  server = running.dapr.urlOf('orders');
  cookie = running.cookieOf('bob');
  await placedBy(running, 'bob', tickets.offer().id);
  offered = tickets.offer();
  await running.dapr.settle();
  before = await everything();
});
afterAll(() => running.close());

const everything = async () => JSON.stringify([await running.model.find().sort({ _id: 1 }).lean(), offered]);

async function expectRefused(asking: Test, status: number, code?: string): Promise<Record<string, unknown>> {
  const problem = expectProblem(await asking, status, code);
  expect(await everything()).toBe(before);
  return problem;
}

const send = () => request(server).post('/api/orders').set('Cookie', cookie);
const raw = (body: string) => send().set('Content-Type', 'application/json').send(body);

describe('POST /api/orders', () => {
  it.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['a number', 7],
    ['true', true],
    ['an operator', { $gt: '' }],
    ['an operator in a list', [{ $ne: null }]],
    ['a list of good ones', ['0123456789abcdef01234567']],
    ['an object that looks like one', { _id: '0123456789abcdef01234567', length: 24 }],
    ['empty', ''],
    ['too short', '0123456789abcdef0123456'],
    ['too long', '0123456789abcdef012345678'],
    ['in capitals', 'ABCDEF0123456789ABCDEF01'],
    ['in full-width digits', '０１２３４５６７８９０１２３４５６７８９０１２３'],
    ['followed by a line break', '0123456789abcdef01234567\n'],
    ['with a NUL', '0123456789abcdef0123456\u0000'],
    ['with a zero-width space', '0123456789abcdef0123456\u200b'],
    ['with a lone surrogate', '0123456789abcdef0123456\ud800'],
    ['a path', '../../internal/tickets/1/re'],
    ['60,000 characters', 'a'.repeat(60_000)],
  ])('refuses a ticket that is %s', async (_what, ticketId) => {
    const { errors } = await expectRefused(send().send({ ticketId }), 400, 'InvalidInput');
    expect(errors).toMatchObject([{ field: 'ticketId' }]);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a string', '4500'],
    ['a fraction', 45.5],
    ['negative', -4500],
    ['too much', 1e10],
    ['an operator', { $lte: 1 }],
    ['a list', [4500]],
    ['true', true],
  ])('refuses a price that is %s', async (_what, price) => {
    const { errors } = await expectRefused(send().send({ ticketId: offered.id, price }), 400, 'InvalidInput');
    expect(errors).toMatchObject([{ field: 'price' }]);
  });

  it.each([
    ['empty', ''],
    ['201 characters', 'k'.repeat(201)],
    ['with a space', 'a b'],
    ['with a tab', 'a\tb'],
    ['outside ASCII', 'schl\u00fcssel'],
  ])('refuses an Idempotency-Key that is %s', async (_what, key) => {
    const { errors } = await expectRefused(send().set('Idempotency-Key', key).send({ ticketId: offered.id }), 400);
    expect(errors).toMatchObject([{ field: 'idempotency-key' }]);
  });

  it.each([
    '{}',
    '[]',
    '[{"ticketId":"0123456789abcdef01234567"}]',
    '{"__proto__":{"ticketId":"0123456789abcdef01234567"}}',
  ])('refuses %s', async (body) => {
    await expectRefused(raw(body), 400, 'InvalidInput');
  });

  it.each(['{"ticketId":', 'null', '"0123456789abcdef01234567"', 'ticketId'])('refuses %s', async (body) => {
    await expectRefused(raw(body), 400, 'MalformedBody');
  });

  it('refuses 1 MB, no body at all, and what is not JSON', async () => {
    await expectRefused(send().send({ ticketId: 'a'.repeat(1_000_000) }), 413, 'BodyTooLarge');
    await expectRefused(send(), 400, 'InvalidInput');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      await expectRefused(send().set('Content-Type', type).send(`ticketId=${offered.id}`), 415, 'UnsupportedMediaType');
    }
  });

  it('refuses what another site’s page sends', async () => {
    await expectRefused(
      send().set('Sec-Fetch-Site', 'cross-site').send({ ticketId: offered.id }),
      403,
      'ForeignOrigin',
    );
  });

  it('takes no field that nobody asked for', async () => {
    const ticket = tickets.offer();
    const extra = {
      ticketId: ticket.id,
      userId: 'eve',
      status: 'Completed',
      expiresAt: '2099-01-01',
      _id: '1',
      version: 9,
    };
    const { body } = await send().send(extra);
    expect(body).toMatchObject({ userId: 'bob', status: 'AwaitingPayment', version: 1 });
    expect(body.expiresAt).not.toMatch('2099');
    await running.model.collection.deleteOne({ _id: body.id });
  });
});

const badIds: [string, string][] = [
  ['unknown', '0123456789abcdef01234567'],
  ['too short', '1'],
  ['an operator', encodeURIComponent('{"$gt":""}')],
  ['__proto__', '__proto__'],
  ['a NUL', '%00'],
  ['a path', '..%2f..%2finternal'],
  ['a right-to-left override', '%E2%80%AE'],
  ['2,000 characters', 'a'.repeat(2_000)],
];

describe.each<[string, (path: string) => Test]>([
  ['GET', (path) => request(server).get(`/api/orders/${path}`).set('Cookie', cookie)],
  ['DELETE', (path) => request(server).delete(`/api/orders/${path}`).set('Cookie', cookie)],
])('%s /api/orders/:id', (_method, ask) => {
  it.each(badIds)('answers 404 for an id that is %s', async (_what, path) => {
    await expectRefused(ask(path), 404, 'NotFound');
  });

  it('answers 400 for an address that is not valid', async () => {
    await expectRefused(ask('%E0%A4%A'), 400, 'MalformedPath');
  });
});

it.each([
  'limit=0',
  'limit=101',
  'limit=-1',
  'limit=ten',
  'limit=1&limit=2',
  'cursor=',
  'cursor=null',
  'cursor=1-2',
  'cursor=0123456789abcdef01234567',
  'cursor=99999999999999999999-0123456789abcdef01234567',
  'cursor=-1-0123456789abcdef01234567',
  'cursor=1-0123456789abcdef01234567&cursor=1-0123456789abcdef01234567',
])('GET /api/orders?%s is refused', async (query) => {
  await expectRefused(request(server).get(`/api/orders?${query}`).set('Cookie', cookie), 400, 'InvalidInput');
});

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['no holds', {}],
  ['holds that are none', { holds: 'all' }],
  ['a hold without a buyer', { holds: [{ orderId: 'o', ticketId: 't' }] }],
  ['an operator', { holds: [{ orderId: { $ne: null }, ticketId: 't', buyerId: 'b' }] }],
  ['501 holds', { holds: Array.from({ length: 501 }, () => ({ orderId: 'o', ticketId: 't', buyerId: 'b' })) }],
])('tickets is refused when it asks to abandon %s', async (_what, body) => {
  const invocation = { app: 'orders', method: 'POST' as const, path: 'internal/orders/abandon', body };
  expect((await running.dapr.of('tickets').invoker.invoke(invocation)).status).toBe(400);
  expect(await everything()).toBe(before);
});

it('a session that is forged, lapsed or of another key opens nothing', async () => {
  const [header, payload] = cookie.split('.');
  for (const forged of [
    `${header}.${payload}.`,
    `${header}.${payload}.AAAA`,
    'session=',
    'session=null',
    `${cookie}x`,
  ]) {
    await expectRefused(request(server).post('/api/orders').set('Cookie', forged).send({ ticketId: offered.id }), 401);
  }
});
