import { sessionDays, signSession } from '@ticketing/common';
import request from 'supertest';
import { currentUser, sharedAuth, signedUp } from '../start-auth';

const auth = sharedAuth();

const ask = (cookie: string) => request(auth.app).get('/api/users/currentuser').set('Cookie', cookie);

describe('asking who is signed in', () => {
  test.each([
    ['nobody is signed in', ''],
    ['the session is unsigned', 'session=eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.'],
    ['the cookie is nonsense', 'session={"$gt":""}'],
  ])('When %s, then it is nobody, and no error', async (_what, cookie) => {
    const answer = await ask(cookie);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ currentUser: null });
  });

  test('When the session was signed with another key, then it is nobody', async () => {
    const { cookie } = await signedUp(auth.app, 'ada@example.com');
    const session = auth.sessionIn(cookie);
    if (!session) throw new Error('no session');

    const forged = `session=${signSession(session, 'another key, as long as a real one is')}`;

    expect(await currentUser(auth.app, forged)).toBeNull();
    expect(await currentUser(auth.app, cookie)).toEqual({ id: session.userId, email: 'ada@example.com' });
  });

  test('When the account is gone, then it is nobody', async () => {
    const { id, cookie } = await signedUp(auth.app, 'gone@example.com');
    await auth.model.deleteOne({ _id: id });

    expect(await currentUser(auth.app, cookie)).toBeNull();
  });

  test('When the session has lapsed, then it is nobody', async () => {
    const { cookie } = await signedUp(auth.app, 'lapsed@example.com');
    const fortnightMs = sessionDays * 24 * 3_600_000;
    auth.dapr.clock.advance(fortnightMs - 1_000);
    expect(await currentUser(auth.app, cookie)).not.toBeNull();

    auth.dapr.clock.advance(1_000);

    expect(await currentUser(auth.app, cookie)).toBeNull();
  });

  test('When it cannot be known whether the session was signed out, then nobody is let in', async () => {
    const { cookie } = await signedUp(auth.app, 'unknown@example.com');
    auth.dapr.faults = { state: () => 'loseRequest' };
    const answer = await ask(cookie);
    auth.dapr.faults = {};

    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
  });
});
