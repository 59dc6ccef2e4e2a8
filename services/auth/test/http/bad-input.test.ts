// What is not what a route asks for is refused with a problem document, and changes nothing.
import request, { type Test } from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { goodPassword, type RunningAuth, signedUp, startAuth, stopAuth } from '../start-auth';

let auth: RunningAuth;
let cookie: string;
let usersBefore: string;
beforeAll(async () => {
  auth = await startAuth();
  cookie = (await signedUp(auth.app, 'ada@example.com')).cookie;
  await auth.dapr.settle();
  usersBefore = await allUsers();
});
afterAll(stopAuth);

const allUsers = async () => JSON.stringify(await auth.model.find().sort({ _id: 1 }).lean());

const routes = {
  'POST signup': () => request(auth.app).post('/api/users/signup'),
  'POST signin': () => request(auth.app).post('/api/users/signin'),
  'PATCH currentuser': () => request(auth.app).patch('/api/users/currentuser'),
} satisfies Record<string, () => Test>;
type Route = keyof typeof routes;
const everyRoute = Object.keys(routes) as Route[];

const send = (route: Route) => routes[route]().set('Cookie', cookie);

async function expectRefused(asking: Test, status: number) {
  const answer = await asking;
  expectProblem(answer, status);
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(await allUsers()).toBe(usersBefore);
  return answer.body.errors as { field?: string }[];
}

const wrongTypes: [string, unknown][] = [
  ['missing', undefined],
  ['null', null],
  ['a number', 12345678],
  ['true', true],
  ['an operator', { $gt: '' }],
  ['an operator in a list', [{ $ne: null }]],
  ['a list of good values', ['eve@example.com', 'eve@example.com']],
  ['an object that pretends to be a string', { toString: 'eve@example.com', length: 15 }],
  ['empty', ''],
];

const badEmails: [string, unknown][] = [
  ...wrongTypes,
  ['no address', 'ada'],
  ['without a domain', 'ada@'],
  ['with two at signs', 'ada@home@example.com'],
  ['with a line break', 'ada@example.com\r\nBcc: all@example.com'],
  ['with a line break in quotes', '"ada\r\nbcc"@example.com'],
  ['two recipients', 'ada@example.com;eve@example.com'],
  ['two recipients in quotes', '"ada;eve"@example.com'],
  ['with a name', 'Ada <ada@example.com>'],
  ['with a NUL', 'ada\u0000@example.com'],
  ['turned around by a bidi mark', 'ada\u202e@example.com'],
  ['with a zero-width space', 'a\u200bda@example.com'],
  ['with a Cyrillic letter', '\u0430da@example.com'],
  ['with a lone surrogate', 'ada\ud800@example.com'],
  ['too long', `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.com`],
  ['far too long', `${'a'.repeat(60_000)}@example.com`],
];

const badPasswords: [string, unknown][] = [
  ...wrongTypes,
  ['too short', '1234567'],
  ['too short for its characters', '🎟️'.repeat(3)],
  ['too long', 'x'.repeat(129)],
  ['far too long', 'x'.repeat(60_000)],
  ['short after normalising', 'e\u0301'.repeat(7)],
  ['with a lone surrogate', 'password\ud800'],
];

/** A lone surrogate does not survive JSON.stringify as a character but as its escape, which is what a client can send. */
const json = (body: object) => JSON.stringify(body);

describe('signing up with bad input', () => {
  test.each(badEmails)('When the e-mail address is %s, then it is refused', async (_what, email) => {
    const errors = await expectRefused(
      send('POST signup')
        .type('json')
        .send(json({ email, password: goodPassword })),
      400,
    );
    expect(errors.map(({ field }) => field?.replace(/\[\d+\]$/, ''))).toContain('email');
  });

  test.each(badPasswords)('When the password is %s, then it is refused', async (_what, password) => {
    const errors = await expectRefused(
      send('POST signup')
        .type('json')
        .send(json({ email: 'eve@example.com', password })),
      400,
    );
    expect(errors.map(({ field }) => field?.replace(/\[\d+\]$/, ''))).toContain('password');
  });

  test('When both are bad, then both are named', async () => {
    const errors = await expectRefused(send('POST signup').send({}), 400);
    expect(errors.map(({ field }) => field)).toEqual(['email', 'password']);
  });
});

describe('signing in with bad input', () => {
  test.each(badEmails)('When the e-mail address is %s, then it is refused', (_what, email) =>
    expectRefused(
      send('POST signin')
        .type('json')
        .send(json({ email, password: goodPassword })),
      400,
    ),
  );

  test.each([...wrongTypes, ['far too long', 'x'.repeat(60_000)]])(
    'When the password is %s, then it is refused',
    (_what, password) =>
      expectRefused(
        send('POST signin')
          .type('json')
          .send(json({ email: 'ada@example.com', password })),
        400,
      ),
  );
});

describe('changing an account with bad input', () => {
  test.each(badEmails.filter(([what]) => what !== 'missing'))(
    'When the e-mail address is %s, then it is refused',
    (_what, email) =>
      expectRefused(
        send('PATCH currentuser')
          .type('json')
          .send(json({ email, currentPassword: goodPassword })),
        400,
      ),
  );

  test.each(badPasswords.filter(([what]) => what !== 'missing'))(
    'When the new password is %s, then it is refused',
    (_what, password) =>
      expectRefused(
        send('PATCH currentuser')
          .type('json')
          .send(json({ password, currentPassword: goodPassword })),
        400,
      ),
  );

  test.each(wrongTypes)('When the current password is %s, then it is refused', (_what, currentPassword) =>
    expectRefused(send('PATCH currentuser').send({ email: 'eve@example.com', currentPassword }), 400),
  );

  test('When there is nothing to change, then it is refused', () =>
    expectRefused(send('PATCH currentuser').send({ currentPassword: goodPassword }), 400));

  test('When fields are given that nobody asked for, then they change nothing', async () => {
    const answer = await send('PATCH currentuser').send({
      email: 'ada@example.com',
      currentPassword: goodPassword,
      version: 99,
      passwordHash: 'mine',
      $set: { email: 'eve@example.com' },
      __proto__: { email: 'eve@example.com' },
    });
    expect(answer.status).toBe(200);
    expect(await allUsers()).toBe(usersBefore);
  });
});

describe.each(everyRoute)('%s', (route) => {
  test.each<[string, number, string, string]>([
    ['broken JSON', 400, 'application/json', '{"email":'],
    ['JSON that is no object', 400, 'application/json', '"ada@example.com"'],
    ['a list', 400, 'application/json', '[]'],
    ['a megabyte', 413, 'application/json', JSON.stringify({ email: 'x'.repeat(1_000_000) })],
    ['plain text', 415, 'text/plain', 'email=ada@example.com'],
    ['a form', 415, 'application/x-www-form-urlencoded', 'email=ada@example.com&password[$ne]=x'],
    ['another alphabet of bytes', 415, 'application/json; charset=latin1', '{}'],
  ])('When the body is %s, then it is refused with %i', (_what, status, type, body) =>
    expectRefused(send(route).set('Content-Type', type).send(body), status),
  );

  test('When the body is compressed beyond the limit, then it is refused', async () => {
    const { gzipSync } = await import('node:zlib');
    const bomb = gzipSync(JSON.stringify({ email: 'x'.repeat(5_000_000) }));
    await expectRefused(
      send(route)
        .set('Content-Type', 'application/json')
        .set('Content-Encoding', 'gzip')
        .serialize(() => bomb as unknown as string)
        .send({}),
      413,
    );
  });

  test('When there is no body, then it is refused', () => expectRefused(send(route), 400));
});

describe('addresses that do not exist', () => {
  test.each([
    ['/api/users', 404],
    ['/api/users/1', 404],
    ['/api/users/%E0%A4%A', 404],
    ['/api/users/signup', 405],
    ['/api/users/currentuser?id=1', 400],
  ])('When %s is asked for, then the answer is a problem document and %i', async (path, status) => {
    expectProblem(await request(auth.app).get(path), status);
  });
});
