import request from 'supertest';
import { cookieOf, currentUser, goodPassword, setCookieOf, sharedAuth, signedUp, signIn } from '../start-auth';

const auth = sharedAuth();

const signOut = (cookie: string) => request(auth.app).post('/api/users/signout').set('Cookie', cookie);

const asPagesDo = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('signing out', () => {
  test('When somebody signs out, then the cookie is cleared and a kept copy of it is worth nothing', async () => {
    const { cookie } = await signedUp(auth.app, 'ada@example.com');

    const answer = await signOut(cookie);

    expect(answer.status).toBe(204);
    expect(setCookieOf(answer)).toMatch(/^session=;.*Expires=Thu, 01 Jan 1970/);
    expect(await currentUser(auth.app, cookie)).toBeNull();
  });

  test('When a page’s form signs out without scripts, then the browser is led to the page that says so', async () => {
    const { cookie } = await signedUp(auth.app, 'plain@example.com');

    const answer = await signOut(cookie).set('Accept', asPagesDo).type('form');

    expect([answer.status, answer.headers.location]).toEqual([303, '/signout']);
    expect(setCookieOf(answer)).toMatch(/^session=;.*Expires=Thu, 01 Jan 1970/);
    expect(await currentUser(auth.app, cookie)).toBeNull();
  });

  test.each(['*/*', 'application/json', 'application/json, text/html'])(
    'When a program signs out and takes %s, then it is not led anywhere',
    async (accepted) => {
      expect((await signOut('').set('Accept', accepted)).status).toBe(204);
    },
  );

  test('When somebody signs out on one device, then they stay signed in on the other', async () => {
    const { cookie } = await signedUp(auth.app, 'two@example.com');
    const other = await signIn(auth, 'two@example.com', goodPassword);

    await signOut(cookie);

    expect(await currentUser(auth.app, cookieOf(other))).toMatchObject({ email: 'two@example.com' });
  });

  test.each([
    ['no cookie', ''],
    ['a forged session', 'session=eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.'],
    ['nonsense', 'session=%00%ff'],
  ])('When there is %s, then signing out is answered the same', async (_what, cookie) => {
    expect((await signOut(cookie)).status).toBe(204);
  });

  test('When the sign-out cannot be stored, then it is not said to have happened', async () => {
    const { cookie } = await signedUp(auth.app, 'outage@example.com');
    auth.dapr.faults = { state: (_store, operation) => (operation === 'set' ? 'loseRequest' : undefined) };
    const answer = await signOut(cookie);
    auth.dapr.faults = {};

    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(await currentUser(auth.app, cookie)).toMatchObject({ email: 'outage@example.com' });
  });

  test.each(['get', 'set'] as const)(
    'When a page’s form signs out and the store cannot %s, then the browser is led to the page that says so',
    async (failing) => {
      const { cookie } = await signedUp(auth.app, `plain-${failing}@example.com`);
      auth.dapr.faults = { state: (_store, operation) => (operation === failing ? 'loseRequest' : undefined) };
      const answer = await signOut(cookie).set('Accept', asPagesDo).type('form');
      auth.dapr.faults = {};

      expect([answer.status, answer.headers.location]).toEqual([303, '/signout?failed=1']);
      expect(setCookieOf(answer)).toBe('');
      expect(await currentUser(auth.app, cookie)).toMatchObject({ email: `plain-${failing}@example.com` });
    },
  );

  test('When another site makes the browser sign out, then it is refused', async () => {
    const { cookie } = await signedUp(auth.app, 'foreign@example.com');

    const answer = await signOut(cookie).set('Sec-Fetch-Site', 'cross-site');

    expect(answer.status).toBe(403);
    expect(await currentUser(auth.app, cookie)).not.toBeNull();
  });
});
