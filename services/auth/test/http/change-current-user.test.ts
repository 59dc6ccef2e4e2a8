import { rateLimits } from '@ticketing/common';
import request from 'supertest';
import {
  cookieOf,
  currentUser,
  goodPassword,
  setCookieOf,
  sharedAuth,
  signedUp,
  signIn,
  startAuth,
} from '../start-auth';

const auth = sharedAuth();

const change = (cookie: string, body: object) =>
  request(auth.app).patch('/api/users/currentuser').set('Cookie', cookie).send(body);

describe('changing the e-mail address', () => {
  test('When it is changed, then it is the one to sign in with, and the session goes on under it', async () => {
    const { id, cookie } = await signedUp(auth.app, 'old@example.com');

    const answer = await change(cookie, { email: 'New@example.com', currentPassword: goodPassword });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ id, email: 'new@example.com' });
    expect(setCookieOf(answer)).toBe('');
    expect(await currentUser(auth.app, cookie)).toEqual(answer.body);
    expect((await signIn(auth, 'old@example.com', goodPassword)).status).toBe(401);
    expect((await signIn(auth, 'new@example.com', goodPassword)).status).toBe(200);
  });

  test('When its domain is of other writing, then every spelling of it is the one account', async () => {
    const { id, cookie } = await signedUp(auth.app, 'plain@example.com');

    const answer = await change(cookie, { email: 'ada@MÜNCHEN.example.de', currentPassword: goodPassword });

    expect(answer.body).toEqual({ id, email: 'ada@xn--mnchen-3ya.example.de' });
    for (const spelling of ['ada@münchen.example.de', 'Ada@xn--mnchen-3ya.example.de']) {
      expect((await signIn(auth, spelling, goodPassword)).body.id).toBe(id);
      const again = await request(auth.app).post('/api/users/signup').send({ email: spelling, password: goodPassword });
      expect([again.status, again.body.type]).toEqual([409, '/problems/EmailInUse']);
    }
  });

  test('When it is changed, then UserUpdated tells the new address, the one before, and the version', async () => {
    const { id, cookie } = await signedUp(auth.app, 'told@example.com');
    await change(cookie, { email: 'told-new@example.com', currentPassword: goodPassword });
    await auth.dapr.settle();

    const events = auth.dapr.published.filter(({ event }) => event.subject === id).map(({ event }) => event);
    expect(
      events.map(({ type, data }) => ({ type, data })).sort((one, other) => (one.type < other.type ? -1 : 1)),
    ).toEqual([
      { type: 'user.created', data: { id, email: 'told@example.com', version: 1 } },
      {
        type: 'user.updated',
        data: {
          id,
          email: 'told-new@example.com',
          version: 2,
          previousEmail: 'told@example.com',
          passwordChanged: false,
        },
      },
    ]);
    expect(new Set(events.map((event) => event.id)).size).toBe(2);
  });

  test('When the address is in use, then nothing changes', async () => {
    await signedUp(auth.app, 'owner@example.com');
    const { cookie } = await signedUp(auth.app, 'wisher@example.com');

    const answer = await change(cookie, { email: 'owner@example.com', currentPassword: goodPassword });

    expect(answer.status).toBe(409);
    expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'email' })]);
    expect(await currentUser(auth.app, cookie)).toMatchObject({ email: 'wisher@example.com' });
  });

  test('When all is as it was, then nothing is written or told', async () => {
    const { id, cookie } = await signedUp(auth.app, 'same@example.com');

    expect((await change(cookie, { email: 'same@example.com', currentPassword: goodPassword })).status).toBe(200);
    await auth.dapr.settle();

    expect((await auth.users.find(id))?.version).toBe(1);
    expect(auth.dapr.published.filter(({ event }) => event.subject === id)).toHaveLength(1);
  });

  test('When two changes of one account meet, then each is whole or refused', async () => {
    const { id, cookie } = await signedUp(auth.app, 'meet@example.com');

    const answers = await Promise.all(
      ['meet-a@example.com', 'meet-b@example.com', 'meet-c@example.com'].map((email) =>
        change(cookie, { email, currentPassword: goodPassword }),
      ),
    );

    const changed = answers.filter(({ status }) => status === 200);
    const user = await auth.users.find(id);
    expect(user?.version).toBe(1 + changed.length);
    expect(changed.map(({ body }) => body.email)).toContain(user?.email);
    for (const { status, body } of answers) {
      if (status !== 200) expect([status, body.type]).toEqual([409, '/problems/ChangedMeanwhile']);
    }
  });

  test('When somebody changed the account since it was read, then the change does not overwrite it', async () => {
    const { id } = await signedUp(auth.app, 'stale@example.com');
    const read = await auth.users.find(id);
    if (!read) throw new Error('no account');
    const now = auth.dapr.clock.now();

    expect(await auth.users.change(read, { email: 'stale-1@example.com' }, now)).toMatchObject({ version: 2 });
    expect(await auth.users.change(read, { email: 'stale-2@example.com' }, now)).toBeNull();
  });
});

describe('changing the password', () => {
  test.each([
    ['alone', {}, {}],
    ['and the address', { email: 'pw-both-new@example.com' }, { previousEmail: 'pw-both@example.com' }],
  ])(
    'When it is changed %s, then UserUpdated tells so, and an address before only of a new one',
    async (_what, more, told) => {
      const before = 'email' in more ? 'pw-both@example.com' : 'pw-alone@example.com';
      const { id, cookie } = await signedUp(auth.app, before);
      const body = { password: 'a new good password', currentPassword: goodPassword, ...more };

      expect((await change(cookie, body)).status).toBe(200);
      await auth.dapr.settle();

      const events = auth.dapr.published.map(({ event }) => event).filter(({ subject }) => subject === id);
      expect(events.filter(({ type }) => type === 'user.updated').map(({ data }) => data)).toEqual([
        { id, email: before, version: 2, passwordChanged: true, ...more, ...told },
      ]);
      expect(JSON.stringify(events)).not.toMatch(/password(?!Changed)|good/i);
    },
  );

  test('When it is changed, then every other session is over at once, and this one goes on anew', async () => {
    const { cookie } = await signedUp(auth.app, 'devices@example.com');
    const other = cookieOf(await signIn(auth, 'devices@example.com', goodPassword));
    auth.dapr.clock.advance(1_000);

    const answer = await change(cookie, { password: 'a new good password', currentPassword: goodPassword });

    expect(answer.status).toBe(200);
    expect(await currentUser(auth.app, other)).toBeNull();
    expect(await currentUser(auth.app, cookie)).toBeNull();
    expect(await currentUser(auth.app, cookieOf(answer))).toMatchObject({ email: 'devices@example.com' });
    expect((await signIn(auth, 'devices@example.com', goodPassword)).status).toBe(401);
    expect(
      await currentUser(auth.app, cookieOf(await signIn(auth, 'devices@example.com', 'a new good password'))),
    ).not.toBeNull();
  });

  test('When a sign-in with the old password began before the change and ends after it, then its session is over', async () => {
    let reached = () => {};
    let goOn = () => {};
    const checking = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow = await startAuth({
      passwords: {
        hash: auth.passwords.hash,
        async matches(password, hash) {
          const right = await auth.passwords.matches(password, hash);
          reached();
          await held;
          return right;
        },
      },
    });
    const { id, cookie } = await signedUp(slow.app, 'meanwhile@example.com');
    slow.dapr.clock.advance(1_000);
    const answered = request(slow.app)
      .post('/api/users/signin')
      .send({ email: 'meanwhile@example.com', password: goodPassword })
      .then((answer) => answer);
    await checking;
    slow.dapr.clock.advance(1_000);
    const user = await slow.users.find(id);
    const changed = user && (await slow.users.change(user, { passwordHash: 'another hash' }, slow.dapr.clock.now()));
    if (!changed) throw new Error('not changed');
    await slow.endSessions.of(changed);
    goOn();

    const answer = await answered;
    expect(answer.status).toBe(200);
    expect(await currentUser(slow.app, cookieOf(answer))).toBeNull();
    expect(await currentUser(slow.app, cookie)).toBeNull();
  });

  test('When the state store was away during the change, then the older sessions end as soon as it is back', async () => {
    const { cookie } = await signedUp(auth.app, 'outage@example.com');
    auth.dapr.clock.advance(1_000);
    auth.dapr.faults = { state: (_store, operation) => (operation === 'set' ? 'loseRequest' : undefined) };
    const answer = await change(cookie, { password: 'a new good password', currentPassword: goodPassword });
    auth.dapr.faults = {};
    expect(answer.status).toBe(200);
    expect(await currentUser(auth.app, cookie)).not.toBeNull();

    expect(await auth.endSessions.sweep()).toBe(1);

    expect(await currentUser(auth.app, cookie)).toBeNull();
    expect(await currentUser(auth.app, cookieOf(answer))).not.toBeNull();
    expect(await auth.endSessions.sweep()).toBe(0);
  });
});

describe('proving who one is', () => {
  test('When the current password is wrong, then that field is named and nothing changes', async () => {
    const { id, cookie } = await signedUp(auth.app, 'proof@example.com');

    const answer = await change(cookie, {
      email: 'x@example.com',
      password: 'a new password',
      currentPassword: 'wrong',
    });

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      type: '/problems/WrongCurrentPassword',
      errors: [{ field: 'currentPassword' }],
    });
    expect(setCookieOf(answer)).toBe('');
    expect(await auth.users.find(id)).toMatchObject({ email: 'proof@example.com', version: 1 });
  });

  test('When the current password is guessed again and again, then it has to wait, and signing in too', async () => {
    const { cookie } = await signedUp(auth.app, 'guessed@example.com');
    for (let attempt = 0; attempt < rateLimits.failedSignInsOfAccountFromAddress.points; attempt += 1) {
      expect((await change(cookie, { email: 'x@example.com', currentPassword: `guess ${attempt}` })).status).toBe(400);
    }

    const refused = await change(cookie, { email: 'x@example.com', currentPassword: goodPassword });

    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await signIn(auth, 'guessed@example.com', goodPassword, { address: '127.0.0.1' })).status).toBe(429);
  });

  test('When an account is changed again and again, then it has to wait, and its mails with it', async () => {
    const { points, perSeconds } = rateLimits.changesOfAccount;
    let { cookie } = await signedUp(auth.app, 'restless-0@example.com');
    const next = (number: number) =>
      change(cookie, { email: `restless-${number}@example.com`, currentPassword: goodPassword });
    for (let number = 1; number <= points; number += 1) {
      expect((await next(number)).status).toBe(200);
    }

    const refused = await next(99);

    expect([refused.status, refused.body.type]).toEqual([429, '/problems/TooManyRequests']);
    expect(await currentUser(auth.app, cookie)).toMatchObject({
      email: `restless-${points}@example.com`,
    });
    cookie = (await signedUp(auth.app, 'another@example.com')).cookie;
    expect((await next(98)).status).toBe(200);
    auth.dapr.clock.advance(perSeconds * 1_000);
    cookie = cookieOf(await signIn(auth, `restless-${points}@example.com`, goodPassword));
    expect((await next(99)).status).toBe(200);
  });

  test('When nobody is signed in, then it is refused', async () => {
    const answer = await change('', { email: 'x@example.com', currentPassword: goodPassword });

    expect(answer.status).toBe(401);
  });
});
