import { Problem } from '@ticketing/common';

/** One sentence for both, so that it does not tell who has an account. */
export const wrongCredentials = () =>
  new Problem(401, 'WrongCredentials', 'E-mail address and password do not belong together.');

/**
 * 400 and not 401 or 403: the visitor is signed in and may do this; what is wrong is one field of the form, and the
 * person can mend it there.
 */
export const wrongCurrentPassword = () => {
  const message = 'This is not your current password.';
  return new Problem(400, 'WrongCurrentPassword', message, { errors: [{ message, field: 'currentPassword' }] });
};

export const emailInUse = () => {
  const message = 'This e-mail address is in use. Sign in, or take another one.';
  return new Problem(409, 'EmailInUse', message, { errors: [{ message, field: 'email' }] });
};

export const changedMeanwhile = () =>
  new Problem(409, 'ChangedMeanwhile', 'Your account was changed at the same moment. Look at it and try again.');
