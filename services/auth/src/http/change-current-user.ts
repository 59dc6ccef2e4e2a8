import {
  type Clock,
  emailField,
  inputOf,
  type NewId,
  notSignedIn,
  type Outbox,
  Problem,
  passwordField,
  type RateLimiter,
  rateLimits,
  sessionOf,
  validate,
} from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { EndSessions } from '../data/end-sessions';
import type { Passwords } from '../data/passwords';
import type { UserRecord } from '../data/user-model';
import { EmailTaken, type Users } from '../data/users';
import { givenPasswordField } from './account-fields';
import { changedMeanwhile, emailInUse, wrongCurrentPassword } from './account-problems';
import { setDeviceCookie } from './device-cookie';
import { withinAttempts } from './password-attempts';
import { newSession, setSessionCookie } from './session-cookie';
import { userView } from './user-view';

interface Deps {
  users: Users;
  passwords: Passwords;
  outbox: Pick<Outbox<UserRecord>, 'announce'>;
  endSessions: EndSessions;
  limiter: RateLimiter;
  sessionKey: string;
  clock: Clock;
  newId: NewId;
}

interface Input {
  email?: string;
  password?: string;
  currentPassword: string;
}

/** A new password ends every other session; this visitor's is issued anew. */
export const changeCurrentUser = ({
  users,
  passwords,
  outbox,
  endSessions,
  limiter,
  sessionKey,
  clock,
  newId,
}: Deps): RequestHandler[] => [
  validate(emailField().optional(), passwordField().optional(), givenPasswordField('currentPassword')),
  async (req, res) => {
    const { email, password, currentPassword } = inputOf<Input>(req);
    if (email === undefined && password === undefined) throw nothingToChange();
    const user = await users.find(sessionOf(req).userId);
    if (!user) throw notSignedIn();
    const attempt = { email: user.email, user, sessionKey, now: clock.now() };
    const right = await withinAttempts(limiter, req, attempt, () =>
      passwords.matches(currentPassword, user.passwordHash),
    );
    if (!right) throw wrongCurrentPassword();
    await limiter.use(rateLimits.changesOfAccount, user._id);

    const passwordHash = password === undefined ? undefined : await passwords.hash(password);
    const now = clock.now();
    const changed = await users.change(user, { email, passwordHash }, now).catch((error: unknown) => {
      throw error instanceof EmailTaken ? emailInUse() : error;
    });
    if (!changed) throw changedMeanwhile();
    outbox.announce(changed);
    if (passwordHash) {
      await endSessions.of(changed);
      setSessionCookie(req, res, newSession(changed, now, newId), sessionKey, now);
      setDeviceCookie(req, res, changed, { sessionKey, now, newId });
    }
    res.json(userView(changed));
  },
];

const nothingToChange = () =>
  new Problem(400, 'InvalidInput', 'Give a new e-mail address, a new password, or both.', {
    errors: [{ message: 'Give a new e-mail address, a new password, or both.', field: 'email' }],
  });
