// The fields that people fill in, each with its rules and the sentence that tells what is wrong.
import { domainToASCII, domainToUnicode } from 'node:url';
import { body, query, type ValidationChain } from 'express-validator';
import type { Clock } from '../clock';
import { hiddenCharacter, passwordLength, priceLimitsCents, titleLength, venueLength } from '../contracts';

const characters = (text: string) => [...text].length;
/** Something to see: the Hangul fillers and the blank Braille pattern count as letters and symbols, and show nothing. */
const visible = /(?![\u115f\u1160\u3164\uffa0\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;

export const titleField = () =>
  lineOfText(body('title').isString().withMessage('Give the ticket a title.').bail(), 'A title', titleLength);

/** Where the event is. Null says that there is none; left out it is left as it is. */
export const venueField = () =>
  lineOfText(
    body('venue').optional().if(isGiven).isString().withMessage('A venue is text, or null for none.').bail(),
    'A venue',
    venueLength,
  );

const lineOfText = (chain: ValidationChain, name: string, { min, max }: { min: number; max: number }) =>
  chain
    .customSanitizer((text: string) => text.normalize('NFC').trim())
    .custom((text: string) => characters(text) >= min && characters(text) <= max)
    .withMessage(`${name} has ${min} to ${max} characters.`)
    .custom((text: string) => !hiddenCharacter.test(text) && visible.test(text))
    .withMessage(`${name} is one line of visible text.`);

const isGiven = (value: unknown) => value !== null;

/** When the event starts, as a Date; null and left out as with the venue. What is set must lie ahead. */
export const startsAtField = (clock: Clock) =>
  body('startsAt')
    .optional()
    .if(isGiven)
    .custom((text: unknown) => typeof text === 'string' && instantOf(text) !== undefined)
    .withMessage('Give date and time with an offset, such as 2027-06-30T19:30:00+02:00, or null for none.')
    .bail()
    .customSanitizer((text: string) => instantOf(text))
    .custom((startsAt: Date) => startsAt > clock.now())
    .withMessage('The event must be in the future.');

const rfc3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** The moment that an RFC 3339 date-time names, at most the last of year 9999 in UTC; nothing for anything else. */
function instantOf(text: string): Date | undefined {
  const [, date, time] = rfc3339.exec(text) ?? [];
  // Date reads 30 February as 2 March, and 24:00 as the next day.
  if (!date || !time || !isOnTheCalendar(`${date}T${time}`)) return undefined;
  const instant = new Date(text.toUpperCase());
  return instant.getUTCFullYear() <= 9999 ? instant : undefined;
}

function isOnTheCalendar(local: string): boolean {
  const asUtc = new Date(`${local}Z`);
  return !Number.isNaN(asUtc.getTime()) && asUtc.toISOString().startsWith(local);
}

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
 * separators (`"a;b"@example.com`), which mailers read as more recipients. A domain of other writing is kept as DNS and
 * mail servers know it (IDNA: `münchen.de` is `xn--mnchen-3ya.de`), so that mail arrives and two spellings are one account.
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
    .isEmail(mailAddress)
    .withMessage('This is not an e-mail address.')
    .bail()
    .customSanitizer(withDomainInAscii)
    .isEmail(mailAddress)
    .withMessage('This is not an e-mail address.')
    .isLength({ max: 254 })
    .withMessage('This e-mail address is too long.');

const mailAddress = { allow_utf8_local_part: false, blacklisted_chars: '"' };

/** The domain is empty when it cannot be one. */
function withDomainInAscii(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = domainToASCII(email.slice(at + 1));
  return `${email.slice(0, at)}@${isReadable(domain) ? domain : ''}`;
}

/** What says that it stands for other writing (`xn--`) does so: Node 24 takes any such word, as browsers do. */
function isReadable(domain: string): boolean {
  const readable = domainToUnicode(domain);
  return !/(^|\.)xn--/.test(readable) && domainToASCII(readable) === domain;
}

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
