// All that the auth service does.
import {
  type Clock,
  createHttpApp,
  type HttpAppOptions,
  type NewId,
  type Outbox,
  type RateLimiter,
  requireCaller,
  type Sessions,
  type SignedOutSessions,
} from '@ticketing/common';
import { type Application, type RequestHandler, Router } from 'express';
import type { EndSessions } from './data/end-sessions';
import type { Passwords } from './data/passwords';
import type { UserRecord } from './data/user-model';
import type { Users } from './data/users';
import { changeCurrentUser } from './http/change-current-user';
import { showCurrentUser } from './http/show-current-user';
import { signIn } from './http/sign-in';
import { signOut } from './http/sign-out';
import { signUp } from './http/sign-up';
import { tellUser } from './http/tell-user';

export interface Deps extends Pick<HttpAppOptions, 'appApiToken' | 'trustProxy' | 'checkReady' | 'log' | 'metrics'> {
  users: Users;
  passwords: Passwords;
  outbox: Pick<Outbox<UserRecord>, 'announce'>;
  endSessions: EndSessions;
  sessions: Sessions;
  signedOut: SignedOutSessions;
  /** What session cookies are signed with. */
  sessionKey: string;
  limiter: RateLimiter;
  clock: Clock;
  newId: NewId;
}

export function createApp(deps: Deps): Application {
  const routes = Router();
  routes.use(notCached);
  routes.post('/users/signup', signUp(deps));
  routes.post('/users/signin', signIn(deps));
  routes.post('/users/signout', signOut(deps));
  routes.get('/users/currentuser', showCurrentUser(deps));
  routes.patch('/users/currentuser', deps.sessions.require, changeCurrentUser(deps));

  const internalRoutes = Router();
  internalRoutes.get('/users/:id', requireCaller('notifications', 'orders'), tellUser(deps));

  return createHttpApp({ ...deps, routes, internalRoutes });
}

/** Who somebody is must not be answered from a cache to somebody else. */
const notCached: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};
