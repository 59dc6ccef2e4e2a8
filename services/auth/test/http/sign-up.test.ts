import { rateLimits } from '@ticketing/common';
import request from 'supertest';
import { currentUser, goodPassword, setCookieOf, sharedAuth, startAuth } from '../start-auth';

const auth = sharedAuth();

const signUp = (body: object, headers: Record<string, string> = {}) =>
  request(auth.app).post('/api/users/signup').set(headers).send(body);

describe('signing up', () => {
  test('When somebody signs up, then they get an account, a session and nothing of the password', async () => {
    const answer = await signUp({ email: ' Ada@Example.com ', password: goodPassword });

    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ id: expect.stringMatching(/^[0-9a-f]{24}$/), email: 'ada@example.com' });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(await currentUser(auth.app, setCookieOf(answer))).toEqual(answer.body);
  });

  test('When somebody signs up, then the cookie is out of reach of scripts and of other sites for 14 days', async () => {
    const answer = await signUp({ email: 'cookie@example.com', password: goodPassword });

    const attributes = setCookieOf(answer).split('; ').slice(1);
    expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=1209600']));
    expect(attributes).not.toContain('Secure');
  });

  test('When the visitor came over HTTPS, then the cookie never travels without', async () => {
    const answer = await signUp(
      { email: 'secure@example.com', password: goodPassword },
      { 'X-Forwarded-Proto': 'https' },
    );

    expect(setCookieOf(answer).split('; ')).toContain('Secure');
  });

  test('When somebody signs up, then the password is stored only as argon2id with the parameters OWASP names', async () => {
    await signUp({ email: 'stored@example.com', password: goodPassword });

    const user = await auth.users.findByEmail('stored@example.com');
    expect(user?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(user)).not.toContain(goodPassword);
  });

  test('When somebody signs up, then UserCreated is published once and leaves the outbox', async () => {
    const { body } = await signUp({ email: 'event@example.com', password: goodPassword });
    await auth.dapr.settle();

    const published = auth.dapr.published.filter(({ event }) => event.subject === body.id);
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      topic: 'users',
      event: { type: 'user.created', data: { id: body.id, email: 'event@example.com', version: 1 } },
    });
    expect((await auth.users.find(body.id))?.outbox).toEqual([]);
  });

  test('When the broker is away, then signing up works and the event waits in the outbox', async () => {
    auth.dapr.faults = { publish: () => 'loseRequest' };
    const { status, body } = await signUp({ email: 'outage@example.com', password: goodPassword });
    await auth.dapr.settle();
    auth.dapr.faults = {};

    expect(status).toBe(201);
    expect((await auth.users.find(body.id))?.outbox).toMatchObject([{ type: 'user.created' }]);
  });

  test('When the address is in use, in whatever case, then it is refused with the field named', async () => {
    await signUp({ email: 'taken@example.com', password: goodPassword });

    const answer = await signUp({ email: 'TAKEN@example.com', password: 'another password' });

    expect(answer.status).toBe(409);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({ type: '/problems/EmailInUse', errors: [{ field: 'email' }] });
    expect(setCookieOf(answer)).toBe('');
  });

  test('When two sign up with one address at the same moment, then exactly one gets it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => signUp({ email: 'race@example.com', password: goodPassword })),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    expect(await auth.model.countDocuments({ email: 'race@example.com' })).toBe(1);
  });

  test('Without the unique index, two would get one address (the race is real)', async () => {
    const unguarded = await startAuth();
    await unguarded.model.collection.dropIndex('email_1');

    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        request(unguarded.app).post('/api/users/signup').send({ email: 'race@example.com', password: goodPassword }),
      ),
    );

    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(1);
  });

  test('When one address opens account after account, then it has to wait', async () => {
    const limited = await startAuth({
      passwords: { hash: async () => 'a hash', matches: async () => false },
    });
    const attempt = (index: number) =>
      request(limited.app)
        .post('/api/users/signup')
        .set('X-Forwarded-For', '203.0.113.7')
        .send({ email: `many-${index}@example.com`, password: goodPassword });

    for (let index = 0; index < rateLimits.signUpsOfAddress.points; index += 1) {
      expect((await attempt(index)).status).toBe(201);
    }
    const refused = await attempt(99);

    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  test.each([
    ['composed and decomposed', 'pässwörd-ok', 'pa\u0308sswo\u0308rd-ok'],
    ['full width', 'ｐａｓｓｗｏｒｄ１２', 'password12'],
  ])('When a password is typed on another keyboard (%s), then it is the same password', async (name, first, second) => {
    const email = `${name.replaceAll(' ', '-')}@example.com`;
    await signUp({ email, password: first });

    const answer = await request(auth.app).post('/api/users/signin').send({ email, password: second });

    expect(answer.status).toBe(200);
  });

  test('When a password has 8 characters of any script, or 128, then it is taken', async () => {
    const passwords = ['🎟️🎫🎪🎭🎨🎬🎤🎧', 'ปลอดภัยมาก', 'x'.repeat(128), ' spaces around ', '\u0000\u0001binary'];
    for (const [index, password] of passwords.entries()) {
      const email = `script-${index}@example.com`;
      expect((await signUp({ email, password })).status).toBe(201);
      expect((await request(auth.app).post('/api/users/signin').send({ email, password })).status).toBe(200);
    }
  });
});
