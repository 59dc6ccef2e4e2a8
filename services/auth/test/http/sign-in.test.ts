import { rateLimits } from '@ticketing/common';
import request from 'supertest';
import {
  cookieOf,
  currentUser,
  deviceOf,
  goodPassword,
  setCookieOf,
  sharedAuth,
  signedUp,
  signIn,
  startAuth,
} from '../start-auth';

const auth = sharedAuth();

describe('signing in', () => {
  test('When e-mail address and password belong together, then a new session begins', async () => {
    const ada = await signedUp(auth.app, 'ada@example.com');

    const answer = await signIn(auth, 'ADA@example.com', goodPassword);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ id: ada.id, email: 'ada@example.com' });
    expect(await currentUser(auth.app, cookieOf(answer))).toEqual(answer.body);
    expect(auth.sessionIn(cookieOf(answer))?.sessionId).not.toBe(auth.sessionIn(ada.cookie)?.sessionId);
  });

  test('When the password is wrong or the address unknown, then the answer is the same', async () => {
    await signedUp(auth.app, 'grace@example.com');

    const wrong = await signIn(auth, 'grace@example.com', 'not her password');
    const unknown = await signIn(auth, 'nobody@example.com', 'not her password');

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

  const wrongAnswers = async (email: string, howMany: number, options: { address?: string; cookie?: string }) => {
    const statuses = new Set<number>();
    for (let attempt = 0; attempt < howMany; attempt += 1) {
      statuses.add((await signIn(auth, email, 'a wrong one', options)).status);
    }
    return [...statuses];
  };

  test('When a stranger gives wrong passwords for one account, then the stranger has to wait, and the owner does not', async () => {
    const { points, perSeconds } = rateLimits.failedSignInsOfAccountFromAddress;
    await signedUp(auth.app, 'guessed@example.com');
    const stranger = { address: '203.0.113.66' };
    expect(await wrongAnswers('guessed@example.com', points, stranger)).toEqual([401]);

    const refused = await signIn(auth, 'guessed@example.com', goodPassword, stranger);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(perSeconds);
    expect((await signIn(auth, 'guessed@example.com', goodPassword, { address: '198.51.100.1' })).status).toBe(200);

    auth.dapr.clock.advance(perSeconds * 1000);
    expect((await signIn(auth, 'guessed@example.com', goodPassword, stranger)).status).toBe(200);
  });

  describe('When strangers guess from many addresses', () => {
    const email = 'besieged@example.com';
    let device: string;
    beforeAll(async () => {
      await signedUp(auth.app, email);
      device = deviceOf(await signIn(auth, email, goodPassword));
      const { points } = rateLimits.failedSignInsOfAccount;
      for (let attempt = 0; attempt < points; attempt += 1) {
        const answer = await signIn(auth, email, 'a wrong one', { address: `203.0.113.${100 + attempt}` });
        if (answer.status !== 401) throw new Error(`guess ${attempt} was answered ${answer.status}`);
      }
    });

    test('then all that are not known have to wait', async () => {
      expect((await signIn(auth, email, goodPassword, { address: '198.51.100.7' })).status).toBe(429);
    });

    test('then a device that has signed in before does not, from wherever it comes', async () => {
      const answer = await signIn(auth, email, goodPassword, { address: '198.51.100.8', cookie: device });
      expect(answer.status).toBe(200);
      expect(deviceOf(answer)).not.toBe(device);
    });

    test('then the device has its own limit, which locks nobody else', async () => {
      const { points } = rateLimits.failedSignInsOfDevice;
      expect(await wrongAnswers(email, points, { cookie: device })).toEqual([401]);
      expect((await signIn(auth, email, goodPassword, { cookie: device })).status).toBe(429);
    });

    test.each<[string, () => Promise<string> | string]>([
      ['of another account', async () => deviceOf(await signIn(auth, 'ada@example.com', goodPassword))],
      ['with another mark', () => device.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
      ['with another day', () => device.replace(/\.\d/, (digit) => (digit === '.9' ? '.8' : '.9'))],
      ['that is no device', () => 'device=1'],
    ])('then a cookie %s helps nobody', async (_what, cookieFrom) => {
      const cookie = await cookieFrom();
      expect(cookie).toMatch(/^device=./);
      expect((await signIn(auth, email, goodPassword, { address: '198.51.100.9', cookie })).status).toBe(429);
    });

    test('then a session is no device, and a device no session', async () => {
      const mark = device.replace(/^device=/, '');
      expect(await currentUser(auth.app, `session=${mark}`)).toBeNull();
    });
  });

  test('When the password was changed, then devices from before are strangers, and the one that changed it is not', async () => {
    const email = 'changed@example.com';
    const signUp = await request(auth.app).post('/api/users/signup').send({ email, password: goodPassword });
    auth.dapr.clock.advance(1_000);
    const changed = await request(auth.app)
      .patch('/api/users/currentuser')
      .set('Cookie', cookieOf(signUp))
      .send({ password: 'another good password', currentPassword: goodPassword });
    const { points } = rateLimits.failedSignInsOfAccountFromAddress;
    expect(await wrongAnswers(email, points, { address: '203.0.113.7' })).toEqual([401]);

    const again = (cookie: string) => signIn(auth, email, 'another good password', { address: '203.0.113.7', cookie });
    expect((await again(deviceOf(signUp))).status).toBe(429);
    expect((await again(deviceOf(changed))).status).toBe(200);
  });

  test('When a device becomes known, then scripts and other sites never see its cookie, and HTTPS keeps it', async () => {
    const plain = setCookieOf(await signIn(auth, 'ada@example.com', goodPassword), 'device');
    expect(plain).toMatch(/; Max-Age=15552000; Path=\/api\/users; .*HttpOnly; SameSite=Strict/);
    const secure = await signIn(auth, 'ada@example.com', goodPassword).set('X-Forwarded-Proto', 'https');
    expect(setCookieOf(secure, 'device')).toMatch(/; Secure/);
  });

  test('When a hundred guesses come at once, then no more than the limit are checked', async () => {
    await signedUp(auth.app, 'stormed@example.com');

    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => signIn(auth, 'stormed@example.com', `guess number ${index}`)),
    );

    const checked = answers.filter(({ status }) => status === 401);
    expect(checked).toHaveLength(rateLimits.failedSignInsOfAccountFromAddress.points);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40 - checked.length);
  });

  test('When somebody signs in rightly again and again, then nothing is counted', async () => {
    await signedUp(auth.app, 'often@example.com');

    for (let round = 0; round < rateLimits.failedSignInsOfAccountFromAddress.points + 3; round += 1) {
      expect((await signIn(auth, 'often@example.com', goodPassword)).status).toBe(200);
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
