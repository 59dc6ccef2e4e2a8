import { rateLimits } from '@ticketing/common';
import request from 'supertest';
import {
  cookieOf,
  currentUser,
  goodPassword,
  type RunningAuth,
  setCookieOf,
  signedUp,
  startAuth,
  stopAuth,
} from '../start-auth';

let auth: RunningAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(stopAuth);

const signIn = (email: string, password: string, address = '203.0.113.1') =>
  request(auth.app).post('/api/users/signin').set('X-Forwarded-For', address).send({ email, password });

describe('signing in', () => {
  test('When e-mail address and password belong together, then a new session begins', async () => {
    const ada = await signedUp(auth.app, 'ada@example.com');

    const answer = await signIn('ADA@example.com', goodPassword);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ id: ada.id, email: 'ada@example.com' });
    expect(await currentUser(auth.app, cookieOf(answer))).toEqual(answer.body);
    expect(auth.sessionIn(cookieOf(answer))?.sessionId).not.toBe(auth.sessionIn(ada.cookie)?.sessionId);
  });

  test('When the password is wrong or the address unknown, then the answer is the same', async () => {
    await signedUp(auth.app, 'grace@example.com');

    const wrong = await signIn('grace@example.com', 'not her password');
    const unknown = await signIn('nobody@example.com', 'not her password');

    const { traceId: _one, ...wrongBody } = wrong.body;
    const { traceId: _other, ...unknownBody } = unknown.body;
    expect(wrong.status).toBe(401);
    expect(unknown.status).toBe(401);
    expect(unknownBody).toEqual(wrongBody);
    expect(Object.keys(unknown.headers).sort()).toEqual(Object.keys(wrong.headers).sort());
    expect(setCookieOf(wrong) + setCookieOf(unknown)).toBe('');
  });

  test('When the address is unknown, then a hash is checked all the same', async () => {
    const checked: (string | undefined)[] = [];
    const watched = await startAuth({
      passwords: {
        hash: auth.passwords.hash,
        matches: (password, hash) => {
          checked.push(hash);
          return auth.passwords.matches(password, hash);
        },
      },
    });
    await request(watched.app).post('/api/users/signin').send({ email: 'nobody@example.com', password: goodPassword });

    expect(checked).toEqual([undefined]);
  });

  test('When a hash is checked for nobody, then it takes about as long as for somebody', async () => {
    const hash = await auth.passwords.hash(goodPassword);
    const millisecondsOf = async (passwordHash: string | undefined) => {
      const started = process.hrtime.bigint();
      expect(await auth.passwords.matches('a wrong one', passwordHash)).toBe(false);
      return Number(process.hrtime.bigint() - started) / 1e6;
    };
    let somebody = Number.POSITIVE_INFINITY;
    let nobody = Number.POSITIVE_INFINITY;
    // Turn by turn and the shortest of each: what else the machine does then falls on both alike.
    for (let round = 0; round < 10; round += 1) {
      somebody = Math.min(somebody, await millisecondsOf(hash));
      nobody = Math.min(nobody, await millisecondsOf(undefined));
    }

    expect(nobody / somebody).toBeGreaterThan(0.4);
    expect(nobody / somebody).toBeLessThan(2.5);
  });

  test('When a wrong password is given for one account again and again, then it has to wait, from everywhere', async () => {
    const { points, perSeconds } = rateLimits.failedSignInsOfAccount;
    await signedUp(auth.app, 'guessed@example.com');
    for (let attempt = 0; attempt < points; attempt += 1) {
      expect((await signIn('guessed@example.com', 'a wrong one', `203.0.113.${attempt}`)).status).toBe(401);
    }

    const refused = await signIn('guessed@example.com', goodPassword, '198.51.100.1');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(perSeconds);

    auth.dapr.clock.advance(perSeconds * 1000);
    expect((await signIn('guessed@example.com', goodPassword, '198.51.100.1')).status).toBe(200);
  });

  test('When a hundred guesses come at once, then no more than the limit are checked', async () => {
    await signedUp(auth.app, 'stormed@example.com');

    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => signIn('stormed@example.com', `guess number ${index}`)),
    );

    const checked = answers.filter(({ status }) => status === 401);
    expect(checked).toHaveLength(rateLimits.failedSignInsOfAccount.points);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40 - checked.length);
  });

  test('When somebody signs in rightly again and again, then nothing is counted', async () => {
    await signedUp(auth.app, 'often@example.com');

    for (let round = 0; round < rateLimits.failedSignInsOfAccount.points + 3; round += 1) {
      expect((await signIn('often@example.com', goodPassword)).status).toBe(200);
    }
  });

  test('When one address tries account after account, then it has to wait, and others do not', async () => {
    const quick = await startAuth({ passwords: { hash: async () => 'a hash', matches: async () => false } });
    const attempt = (index: number, address: string) =>
      request(quick.app)
        .post('/api/users/signin')
        .set('X-Forwarded-For', address)
        .send({ email: `person-${index}@example.com`, password: 'a wrong one' });
    for (let index = 0; index < rateLimits.failedSignInsOfAddress.points; index += 1) {
      expect((await attempt(index, '203.0.113.9')).status).toBe(401);
    }

    expect((await attempt(500, '203.0.113.9')).status).toBe(429);
    expect((await attempt(501, '203.0.113.10')).status).toBe(401);
  });
});
