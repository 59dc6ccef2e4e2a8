import { body } from 'express-validator';

/** Longer than any password may be, since normalising can shorten one; short enough to hash. */
const mostCharacters = 1_024;

/**
 * A password somebody gives to prove who they are: normalised like a new one, but not held to its rules, as one that
 * breaks them is a wrong password and nothing else.
 */
export const givenPasswordField = (name: string) =>
  body(name)
    .isString()
    .withMessage('Give your password.')
    .bail()
    .custom((password: string) => password.length > 0 && password.length <= mostCharacters && password.isWellFormed())
    .withMessage('Give your password.')
    .bail()
    .customSanitizer((password: string) => password.normalize('NFKC'));
