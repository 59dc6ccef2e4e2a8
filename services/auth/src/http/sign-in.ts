import { type Clock, emailField, inputOf, type NewId, type RateLimiter, validate } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { Passwords } from '../data/passwords';
import type { Users } from '../data/users';
import { givenPasswordField } from './account-fields';
import { wrongCredentials } from './account-problems';
import { setDeviceCookie } from './device-cookie';
import { withinAttempts } from './password-attempts';
import { newSession, setSessionCookie } from './session-cookie';
import { userView } from './user-view';

interface Deps {
  users: Users;
  passwords: Passwords;
  limiter: RateLimiter;
  sessionKey: string;
  clock: Clock;
  newId: NewId;
}

export const signIn = ({ users, passwords, limiter, sessionKey, clock, newId }: Deps): RequestHandler[] => [
  validate(emailField(), givenPasswordField('password')),
  async (req, res) => {
    const { email, password } = inputOf<{ email: string; password: string }>(req);
    const now = clock.now();
    const user = await users.findByEmail(email);
    const right = await withinAttempts(limiter, req, { email, user, sessionKey, now }, () =>
      passwords.matches(password, user?.passwordHash),
    );
    if (!user || !right) throw wrongCredentials();
    setSessionCookie(req, res, newSession(user, now, newId), sessionKey, now);
    setDeviceCookie(req, res, user, { sessionKey, now, newId });
    res.json(userView(user));
  },
];
