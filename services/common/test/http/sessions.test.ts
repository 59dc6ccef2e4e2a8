import { Router } from 'express';
import request from 'supertest';
import {
  createHttpApp,
  createMetrics,
  createSessions,
  type Session,
  type StateStore,
  sessionOf,
  signedOutSessions,
  signSession,
  silentLog,
  verifySession,
} from '../../src';
import { inProcessDapr, virtualClock } from '../../src/testing';

const key = 'a-key-of-thirty-two-characters-xx';
const minutes = 60_000;

function world() {
  const clock = virtualClock();
  const dapr = inProcessDapr({ clock });
  const signedOut = signedOutSessions(dapr.of('auth').state('sessions'));
  const sessions = createSessions(key, signedOutSessions(dapr.of('orders').state('sessions')), clock);
  const routes = Router();
  routes.get('/mine', sessions.require, (req, res) => {
    res.json({ userId: sessionOf(req).userId });
  });
  routes.get('/open', (req, res) => {
    res.json({ userId: sessionOf(req).userId });
  });
  const app = createHttpApp({ log: silentLog, metrics: createMetrics('orders'), routes });
  const session = (change: Partial<Session> = {}): Session => ({
    sessionId: 'session-1',
    userId: 'ada',
    issuedAt: clock.now(),
    expiresAt: new Date(clock.now().getTime() + 10 * minutes),
    ...change,
  });
  const visit = (cookie: string | undefined) => {
    const visiting = request(app).get('/api/mine');
    return cookie === undefined ? visiting : visiting.set('Cookie', cookie);
  };
  return { clock, dapr, signedOut, app, session, visit };
}

const cookie = (session: Session, signedWith = key) => `theme=dark; session=${signSession(session, signedWith)}`;

describe('a route that requires a session', () => {
  test('When the visitor is signed in, then it knows who they are', async () => {
    const { session, visit } = world();
    expect((await visit(cookie(session()))).body).toEqual({ userId: 'ada' });
  });

  test.each<[string, (value: string) => string | undefined]>([
    ['there is no cookie', () => undefined],
    ['the cookie is empty', () => 'session='],
    ['the cookie is no token', () => 'session=hello'],
    ['the token was cut', (value) => value.slice(0, -2)],
    [
      'the token is not signed',
      () =>
        `session=${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"ada","exp":9999999999}').toString('base64url')}.`,
    ],
    ['the cookie has another name', (value) => value.replace('session=', 'xsession=')],
  ])('When %s, then it answers 401 with a problem document', async (_what, forge) => {
    const { session, visit } = world();
    const answer = await visit(forge(cookie(session())));
    expect(answer.status).toBe(401);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: '/problems/NotSignedIn', errors: [{ message: 'Sign in first.' }] });
  });

  test('When the token is signed with another key, then it answers 401', async () => {
    const { session, visit } = world();
    expect((await visit(cookie(session(), 'another-key-of-thirty-two-characters'))).status).toBe(401);
  });

  test('When the session has lapsed, then it answers 401', async () => {
    const { session, visit, clock } = world();
    const value = cookie(session());
    clock.advance(10 * minutes);
    expect((await visit(value)).status).toBe(401);
  });

  test('When the session was signed out, then it is over for every service, and others go on', async () => {
    const { session, visit, signedOut, clock } = world();
    await signedOut.add(session(), clock.now());
    expect((await visit(cookie(session()))).status).toBe(401);
    expect((await visit(cookie(session({ sessionId: 'session-2' })))).status).toBe(200);
  });

  test('When the password was changed, then all sessions from before are over, and those from after are not', async () => {
    const { session, visit, signedOut, clock } = world();
    const before = [cookie(session()), cookie(session({ sessionId: 'session-2' }))];
    clock.advance(1);
    await signedOut.addAllBefore('ada', clock.now(), 3600);
    for (const value of before) expect((await visit(value)).status).toBe(401);
    expect((await visit(cookie(session({ sessionId: 'session-3' })))).status).toBe(200);
    expect((await visit(cookie(session({ userId: 'grace', issuedAt: new Date(0) })))).status).toBe(200);
  });

  test('When the state store does not answer, then nobody is let in, and nobody is signed out: 503', async () => {
    const { session, visit, dapr } = world();
    dapr.faults.state = () => 'loseRequest';
    const answer = await visit(cookie(session()));
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
  });

  test('When a route reads a session that it does not require, then that is our fault, and it says so: 500', async () => {
    const { app, session } = world();
    expect((await request(app).get('/api/open').set('Cookie', cookie(session()))).status).toBe(500);
  });
});

describe('signing a session', () => {
  test('keeps every field, issue time to the millisecond', () => {
    const { session, clock } = world();
    const issued = session({ issuedAt: new Date('2026-11-21T10:00:00.123Z') });
    expect(verifySession(signSession(issued, key), key, clock.now())).toEqual(issued);
  });

  test('says nothing of a person but their id: whoever has the cookie can read it', () => {
    const { session } = world();
    const [, claims = ''] = signSession(session(), key).split('.');
    const readable = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(Object.keys(readable).sort()).toEqual(['exp', 'iat', 'iatMs', 'sid', 'sub']);
  });
});

describe('looking up what was signed out', () => {
  const heldStore = () => {
    const asked: { keys: readonly string[]; answer(found: Map<string, unknown>): void; fail(error: Error): void }[] =
      [];
    const store = {
      getMany: (keys: readonly string[]) =>
        new Promise<Map<string, unknown>>((resolve, reject) => asked.push({ keys, answer: resolve, fail: reject })),
    } as unknown as StateStore;
    return { asked, signedOut: signedOutSessions(store) };
  };
  const sessionOfUser = (name: string): Session => ({
    sessionId: name,
    userId: name,
    issuedAt: new Date(0),
    expiresAt: new Date(1),
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test('When many ask while one request is under way, then they share the next, and each gets its own answer', async () => {
    const { asked, signedOut } = heldStore();
    const first = signedOut.has(sessionOfUser('one'));
    await turn();
    const others = ['two', 'three', 'four'].map((name) => signedOut.has(sessionOfUser(name)));
    await turn();
    expect(asked.map(({ keys }) => keys)).toEqual([['out-one', 'before-one']]);
    asked[0]?.answer(new Map());
    expect(await first).toBe(false);
    await turn();
    expect(asked).toHaveLength(2);
    expect(asked[1]?.keys).toEqual(['out-two', 'before-two', 'out-three', 'before-three', 'out-four', 'before-four']);
    asked[1]?.answer(new Map([['out-three', 1]]));
    expect(await Promise.all(others)).toEqual([false, true, false]);
  });

  test('When it is asked after a sign-out, then it is not answered by a request from before', async () => {
    const { asked, signedOut } = heldStore();
    const early = signedOut.has(sessionOfUser('ada'));
    await turn();
    const late = signedOut.has(sessionOfUser('ada'));
    asked[0]?.answer(new Map());
    await early;
    await turn();
    asked[1]?.answer(new Map([['out-ada', 1]]));
    expect([await early, await late]).toEqual([false, true]);
  });

  test('When a request fails, then those who shared it hear so, and the next one works', async () => {
    const { asked, signedOut } = heldStore();
    const shared = [signedOut.has(sessionOfUser('one')), signedOut.has(sessionOfUser('two'))];
    await turn();
    asked[0]?.fail(new Error('no sidecar'));
    for (const each of await Promise.allSettled(shared)) expect(each.status).toBe('rejected');
    const next = signedOut.has(sessionOfUser('one'));
    await turn();
    asked[1]?.answer(new Map());
    expect(await next).toBe(false);
  });
});
