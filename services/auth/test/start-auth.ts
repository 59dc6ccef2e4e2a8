// The auth service in this process, on a database of its own and the in-process Dapr.
import { newId, silentLog, verifySession } from '@ticketing/common';
import { type InProcessDapr, limiterByClock, startRecords, type TestDatabase } from '@ticketing/common/testing';
import type { Application } from 'express';
import type { Model } from 'mongoose';
import request, { type Response } from 'supertest';
import { createApp } from '../src/app';
import { createEndSessions, type EndSessions } from '../src/data/end-sessions';
import { argon2Passwords, type Passwords } from '../src/data/passwords';
import { userEvent } from '../src/data/user-event';
import { type UserRecord, userModel } from '../src/data/user-model';
import { type Users, usersIn } from '../src/data/users';

export interface RunningAuth {
  app: Application;
  dapr: InProcessDapr;
  database: TestDatabase;
  model: Model<UserRecord>;
  users: Users;
  passwords: Passwords;
  endSessions: EndSessions;
  /** The session inside a cookie, as any service reads it. */
  sessionIn(cookie: string): ReturnType<typeof verifySession>;
}

const closings: (() => Promise<void>)[] = [];

/** Ends all that this test file started. */
export async function stopAuth(): Promise<void> {
  for (const close of closings.splice(0)) await close();
}

export async function startAuth({
  trustProxy = 1,
  passwords: givenPasswords,
}: {
  trustProxy?: number;
  passwords?: Passwords;
} = {}): Promise<RunningAuth> {
  const records = await startRecords('auth', {
    models: userModel,
    outbox: (model) => ({ model, topic: 'users', toEvent: userEvent }),
  });
  const { dapr, clock, database, models: model, outbox, metrics, sessions, signedOut, key } = records;
  const users = usersIn(model);
  const endSessions = createEndSessions({ users, signedOut, log: silentLog });
  const passwords = givenPasswords ?? (await argon2Passwords());
  const app = createApp({
    users,
    passwords,
    outbox,
    endSessions,
    sessions,
    signedOut,
    sessionKey: key,
    limiter: limiterByClock(clock),
    clock,
    newId,
    log: silentLog,
    metrics,
    trustProxy,
  });
  await records.register(app);
  closings.push(records.close);
  return {
    app,
    dapr,
    database,
    model,
    users,
    passwords,
    endSessions,
    sessionIn: (cookie) => verifySession(cookie.replace(/^session=/, '').split(';')[0], key, clock.now()),
  };
}

/** For a whole test file: started before its tests, ended after them with all else that it started. */
export function sharedAuth(): RunningAuth {
  const auth = {} as RunningAuth;
  beforeAll(async () => Object.assign(auth, await startAuth()));
  afterAll(stopAuth);
  return auth;
}

export const goodPassword = 'correct horse battery staple';

/** Signs somebody up and returns what their browser keeps. */
export async function signedUp(app: Application, email: string, password = goodPassword) {
  const answer = await request(app).post('/api/users/signup').send({ email, password });
  if (answer.status !== 201) throw new Error(`could not sign up ${email}: ${answer.status} ${answer.text}`);
  return { id: answer.body.id as string, cookie: cookieOf(answer) };
}

/** Signs in from an address, as a browser that keeps these cookies. */
export const signIn = (
  { app }: Pick<RunningAuth, 'app'>,
  email: string,
  password: string,
  { address = '203.0.113.1', cookie = '' }: { address?: string; cookie?: string } = {},
) =>
  request(app)
    .post('/api/users/signin')
    .set('X-Forwarded-For', address)
    .set('Cookie', cookie)
    .send({ email, password });

/** The session cookie an answer sets, as it goes back in `Cookie`. */
export const cookieOf = (answer: Response): string => setCookieOf(answer).split(';')[0] ?? '';

export const setCookieOf = (answer: Response, name = 'session'): string =>
  ((answer.headers['set-cookie'] as unknown as string[] | undefined) ?? []).find((line) =>
    line.startsWith(`${name}=`),
  ) ?? '';

/** The cookie by which the account knows this browser. */
export const deviceOf = (answer: Response): string => setCookieOf(answer, 'device').split(';')[0] ?? '';

export const currentUser = async (app: Application, cookie: string) =>
  (await request(app).get('/api/users/currentuser').set('Cookie', cookie)).body.currentUser as {
    id: string;
    email: string;
  } | null;
