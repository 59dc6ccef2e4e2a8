// What the QR code of an e-ticket says: whose order it is and which ticket it lets in, sealed by the marketplace. Only
// characters of a QR code's alphanumeric mode (ISO/IEC 18004, 7.3.4), which makes the code small and quick to read.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isId } from '../ids';

/** What an e-ticket is for. */
export interface ETicketClaim {
  orderId: string;
  ticketId: string;
}

/** Keys by their ids, so that they rotate: one seals, all are known. Ids are compared in upper case. */
export interface ETicketKeys {
  sealWith: string;
  keys: ReadonlyMap<string, string>;
}

export const eTicketForgeries = ['NotOurs', 'UnknownKey', 'WrongSeal'] as const;
/**
 * `NotOurs`: no e-ticket of this marketplace's making. `UnknownKey`: sealed with a key that is not known here, such as
 * another marketplace's or one taken out of use. `WrongSeal`: made up or changed.
 */
export type ETicketForgery = (typeof eTicketForgeries)[number];

export type ETicketReading = { genuine: true; claim: ETicketClaim } | { genuine: false; why: ETicketForgery };

/** Longer than any code; what is longer was not read from one of our tickets. */
export const mostCodeCharacters = 512;

const mark = 'RF1';
export const keyIdPattern = /^[0-9A-Z]{1,9}$/;
const shape = /^RF1\.([0-9A-Z]{1,9})\.([0-9A-F]{24})\.([0-9A-F]{24})\.([0-9A-HJKMNP-TV-Z]{26})$/;

/** Always the same for the same claim and key. @throws Error when the key that seals is not there */
export function writeETicketCode({ orderId, ticketId }: ETicketClaim, { sealWith, keys }: ETicketKeys): string {
  const key = keys.get(sealWith);
  if (key === undefined) throw new Error(`there is no key ${sealWith} to seal e-tickets with`);
  if (!isId(orderId) || !isId(ticketId)) throw new Error(`no e-ticket can tell of ${orderId} and ${ticketId}`);
  const sealed = [mark, sealWith, orderId.toUpperCase(), ticketId.toUpperCase()].join('.');
  return `${sealed}.${sealOf(sealed, key)}`;
}

/** Reads what was scanned, typed or pasted: spaces and the case of letters do not count. */
export function readETicketCode(text: string, { keys }: Pick<ETicketKeys, 'keys'>): ETicketReading {
  const code = text.slice(0, mostCodeCharacters).replace(/\s+/g, '').toUpperCase();
  const [, keyId, orderId, ticketId, seal] = shape.exec(code) ?? [];
  if (!keyId || !orderId || !ticketId || !seal) return { genuine: false, why: 'NotOurs' };
  const key = keys.get(keyId);
  if (key === undefined) return { genuine: false, why: 'UnknownKey' };
  const expected = sealOf(code.slice(0, -seal.length - 1), key);
  if (!timingSafeEqual(Buffer.from(seal), Buffer.from(expected))) return { genuine: false, why: 'WrongSeal' };
  return { genuine: true, claim: { orderId: orderId.toLowerCase(), ticketId: ticketId.toLowerCase() } };
}

/** HMAC-SHA256 cut to 128 bits: half of it, the least that RFC 2104 (5) advises, and short enough to be typed. */
function sealOf(sealed: string, key: string): string {
  const mac = createHmac('sha256', key).update(`e-ticket ${sealed}`).digest().subarray(0, 16);
  return inBase32(mac);
}

/** Crockford's digits: none is taken for another (I and 1, O and 0). https://www.crockford.com/base32.html */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function inBase32(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let place = 0; place < Math.ceil((bytes.length * 8) / 5); place++) {
    text = digits[Number(value % 32n)] + text;
    value /= 32n;
  }
  return text;
}
