import { randomBytes } from 'node:crypto';

/** Gives a fresh id that looks like Stripe's: `pi_3…`, `ch_3…`, `evt_3…`. */
export type NewId = (prefix: string) => string;

export const newId: NewId = (prefix) => `${prefix}_3${randomText(23)}`;

export const newClientSecret = (intentId: string): string => `${intentId}_secret_${randomText(25)}`;

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function randomText(length: number): string {
  let text = '';
  for (const byte of randomBytes(length)) text += letters[byte % letters.length];
  return text;
}
