// The fields that people fill in, each with its rules and the sentence that tells what is wrong.
import { body, query } from 'express-validator';
import { passwordLength, priceLimitsCents, titleLength } from '../contracts';

const characters = (text: string) => [...text].length;
/** Control characters and characters that reorder or hide text: none belongs in a title. */
const hidden = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
/** Something to see: the Hangul fillers and the blank Braille pattern count as letters and symbols, and show nothing. */
const visible = /(?![\u115f\u1160\u3164\uffa0\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;

export const titleField = () =>
  body('title')
    .isString()
    .withMessage('Give the ticket a title.')
    .bail()
    .customSanitizer((title: string) => title.normalize('NFC').trim())
    .custom((title: string) => characters(title) >= titleLength.min && characters(title) <= titleLength.max)
    .withMessage(`A title has ${titleLength.min} to ${titleLength.max} characters.`)
    .custom((title: string) => !hidden.test(title) && visible.test(title))
    .withMessage('A title is one line of visible text.');

export const priceField = (name = 'price') =>
  body(name)
    .custom((price: unknown) => typeof price === 'number' && Number.isInteger(price))
    .withMessage('The price is a whole number of cents.')
    .bail()
    .custom((price: number) => price >= priceLimitsCents.min && price <= priceLimitsCents.max)
    .withMessage(`The price is between ${priceLimitsCents.min} and ${priceLimitsCents.max} cents.`);

/** How many rows of a listing one answer has: 20, or what was asked for. */
export const limitField = () =>
  query('limit')
    .default('20')
    .custom(
      (limit: unknown) =>
        typeof limit === 'string' && /^\d{1,3}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= 100,
    )
    .withMessage('The limit is between 1 and 100.')
    .bail()
    .toInt();

/**
 * RFC 5321 allows 254 characters; addresses are compared in lower case. Quoted local parts are refused: they may hold
 * separators (`"a;b"@example.com`), which mailers read as more recipients.
 */
export const emailField = (name = 'email') =>
  body(name)
    .isString()
    .withMessage('Give an e-mail address.')
    .bail()
    // A lone surrogate makes isEmail throw.
    .custom((email: string) => email.isWellFormed())
    .withMessage('This is not an e-mail address.')
    .bail()
    .trim()
    .toLowerCase()
    .isEmail({ allow_utf8_local_part: false, blacklisted_chars: '"' })
    .withMessage('This is not an e-mail address.')
    .isLength({ max: 254 })
    .withMessage('This e-mail address is too long.');

/** NFKC, so that the same password typed on two keyboards is the same (NIST SP 800-63B 5.1.1.2). */
export const passwordField = (name = 'password') =>
  body(name)
    .isString()
    .withMessage('Give a password.')
    .bail()
    .custom((password: string) => password.isWellFormed())
    .withMessage('This password has characters that are not valid text.')
    .customSanitizer((password: string) => password.normalize('NFKC'))
    .custom(
      (password: string) => characters(password) >= passwordLength.min && characters(password) <= passwordLength.max,
    )
    .withMessage(`A password has ${passwordLength.min} to ${passwordLength.max} characters.`);
