// What an account is and what a change makes of it: pure.
import type { EventData } from '@ticketing/common';

export interface User {
  _id: string;
  /** In lower case; unique. */
  email: string;
  /** PHC string of argon2id. */
  passwordHash: string;
  version: number;
  createdAt: Date;
  /** Sessions issued before this are over; set by the last change of the password. */
  sessionsEndedBefore?: Date;
}

export interface AccountChange {
  email?: string | undefined;
  passwordHash?: string | undefined;
}

/** The fields that change, or nothing when all is as wanted already. A new password ends every session before `now`. */
export function changedFields(
  user: User,
  change: AccountChange,
  now: Date,
): Partial<Pick<User, 'email' | 'passwordHash' | 'sessionsEndedBefore'>> | undefined {
  const email = change.email !== undefined && change.email !== user.email ? { email: change.email } : {};
  const password =
    change.passwordHash === undefined ? {} : { passwordHash: change.passwordHash, sessionsEndedBefore: now };
  const changed = { ...email, ...password };
  return Object.keys(changed).length > 0 ? changed : undefined;
}

/** What others are told of a change: the address as it was, too, so that its owner hears of it. */
export const changedData = (
  user: User,
  changed: NonNullable<ReturnType<typeof changedFields>>,
): EventData<'UserUpdated'> => ({
  ...userData({ ...user, ...changed, version: user.version + 1 }),
  ...(changed.email === undefined ? {} : { previousEmail: user.email }),
  passwordChanged: changed.passwordHash !== undefined,
});

export const userData = (user: User): EventData<'UserCreated'> => ({
  id: user._id,
  email: user.email,
  version: user.version,
});
