import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { cookieOf, placeOrder, type RunningPayments, type StandInOrder, startPayments } from '../start-payments';

let running: RunningPayments;
let order: StandInOrder;
beforeAll(async () => {
  running = await startPayments();
  order = placeOrder(running);
});
afterAll(() => running.close());

const signedIn = (test: request.Test) => test.set('Cookie', cookieOf(running, order.userId));
const post = (body: string | object, type = 'application/json') =>
  signedIn(request(running.app).post('/api/payments').set('Content-Type', type)).send(body);
const settle = (id: string) => signedIn(request(running.app).post(`/api/payments/${id}/settle`));
const list = (query: string) => signedIn(request(running.app).get(`/api/payments${query}`));

const ids: [what: string, value: unknown][] = [
  ['missing', undefined],
  ['null', null],
  ['empty', ''],
  ['a number', 42],
  ['a flag', true],
  ['an operator', { $gt: '' }],
  ['a list', ['a'.repeat(24)]],
  ['too short', 'a'.repeat(23)],
  ['too long', 'a'.repeat(25)],
  ['huge', 'a'.repeat(10_000)],
  ['not hexadecimal', 'g'.repeat(24)],
  ['in capitals', 'A'.repeat(24)],
  ['padded', ` ${'a'.repeat(24)}`],
  ['of look-alike letters', 'а'.repeat(24)],
  ['broken text', '\ud800'.repeat(24)],
  ['a path', '../../internal/orders/1'],
  ['with a line break', `${'a'.repeat(24)}\n`],
];

describe('When the order’s id is bad', () => {
  test.each(ids)('being %s, then opening a payment is refused with 400', async (_what, orderId) => {
    const answer = await post({ orderId });
    expect(expectProblem(answer, 400, 'InvalidInput')).toMatchObject({ errors: [{ field: 'orderId' }] });
  });

  test.each([
    ['missing', ''],
    ['empty', '?orderId='],
    ['given twice', `?orderId=${'a'.repeat(24)}&orderId=${'b'.repeat(24)}`],
    ['an operator', '?orderId[$gt]='],
    ['a list', `?orderId[]=${'a'.repeat(24)}`],
    ['too short', '?orderId=a'],
    ['with a null byte', '?orderId=%00'],
  ])('being %s, then listing charges is refused with 400', async (_what, query) => {
    expect((await list(query)).status).toBe(400);
  });

  test.each([
    ['of another form', 'nonsense'],
    ['an operator', '{"$gt":""}'],
    ['look-alike letters', encodeURIComponent('а'.repeat(24))],
    ['huge', 'a'.repeat(5_000)],
    ['unknown', 'a'.repeat(24)],
    ['a path', '..%2F..%2Finternal'],
  ])('being %s, then settling is refused with 404', async (_what, id) => {
    expect((await settle(id)).status).toBe(404);
  });

  test('being no valid address, then 400', async () => {
    expect((await settle('%E0%A4%A')).status).toBe(400);
  });
});

describe('When the body is bad', () => {
  test.each([
    ['broken JSON', '{"orderId":', 'application/json', 400],
    ['a bare word', 'orderId', 'application/json', 400],
    ['a list', '[]', 'application/json', 400],
    ['a form', 'orderId=1', 'application/x-www-form-urlencoded', 415],
    ['of no kind', 'orderId', 'text/plain', 415],
    ['of a megabyte', JSON.stringify({ orderId: 'a'.repeat(1024 * 1024) }), 'application/json', 413],
    ['in another charset', '{}', 'application/json; charset=koi8-r', 415],
  ])('being %s, then it is refused', async (_what, body, type, status) => {
    const answer = await post(body, type);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  test('then an amount, a currency or a buyer in it count for nothing', async () => {
    const paid = placeOrder(running, { price: 5000, userId: order.userId });
    const answer = await post({ orderId: paid.id, amount: 1, currency: 'jpy', userId: 'a'.repeat(24) });
    expect(answer.body).toMatchObject({ amount: 5000, currency: 'usd' });
  });
});

test('When nobody is signed in, then every route but the webhook is closed', async () => {
  const { app } = running;
  const answers = [
    await request(app).post('/api/payments').send({ orderId: order.id }),
    await request(app).post(`/api/payments/${order.id}/settle`),
    await request(app).get(`/api/payments?orderId=${order.id}`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
});

test('When all of that was refused, then nothing was written and Stripe was not asked', async () => {
  expect(await running.model.findById(order.id)).toBeNull();
  expect((await running.stripe.paymentIntents.list()).data.map(({ amount }) => amount)).toEqual([5000]);
});
