import {
  addressLimitKey,
  type Clock,
  emailField,
  inputOf,
  type NewId,
  type Outbox,
  passwordField,
  type RateLimiter,
  rateLimits,
  validate,
} from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { Passwords } from '../data/passwords';
import type { UserRecord } from '../data/user-model';
import { EmailTaken, type Users } from '../data/users';
import { emailInUse } from './account-problems';
import { setDeviceCookie } from './device-cookie';
import { newSession, setSessionCookie } from './session-cookie';
import { userView } from './user-view';

interface Deps {
  users: Users;
  passwords: Passwords;
  outbox: Pick<Outbox<UserRecord>, 'announce'>;
  limiter: RateLimiter;
  sessionKey: string;
  clock: Clock;
  newId: NewId;
}

export const signUp = ({ users, passwords, outbox, limiter, sessionKey, clock, newId }: Deps): RequestHandler[] => [
  validate(emailField(), passwordField()),
  async (req, res) => {
    const { email, password } = inputOf<{ email: string; password: string }>(req);
    const address = addressLimitKey(req.ip);
    if (address) await limiter.use(rateLimits.signUpsOfAddress, address);
    const now = clock.now();
    const passwordHash = await passwords.hash(password);
    const user = await users.insert({ id: newId(), email, passwordHash, now }).catch((error: unknown) => {
      throw error instanceof EmailTaken ? emailInUse() : error;
    });
    outbox.announce(user);
    setSessionCookie(req, res, newSession(user, now, newId), sessionKey, now);
    setDeviceCookie(req, res, user, { sessionKey, now, newId });
    res.status(201).json(userView(user));
  },
];
