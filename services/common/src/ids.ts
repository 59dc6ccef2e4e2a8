import { createHash, randomBytes } from 'node:crypto';

/** Where fresh ids come from; injected, so that tests and replays can fix them. */
export type NewId = () => string;

/** 24 hex digits, ascending with time to the millisecond: an index on them grows at its end, and what is newer is later. */
export const newId: NewId = () => {
  const now = Date.now();
  return hex(Math.floor(now / 1000), 8) + hex(now % 1000, 3) + randomBytes(7).toString('hex').slice(1);
};

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/** 24 hex digits that are the same for the same parts: a repeated request names the same thing. */
export const idFrom = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);

export const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{24}$/.test(value);
