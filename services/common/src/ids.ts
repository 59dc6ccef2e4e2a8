import { createHash, randomBytes } from 'node:crypto';

/** Where fresh ids come from; injected, so that tests and replays can fix them. */
export type NewId = () => string;

/** 24 hex digits, ascending with time to the second: an index on them grows at its end. */
export const newId: NewId = () =>
  Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, '0') + randomBytes(8).toString('hex');

/** 24 hex digits that are the same for the same parts: a repeated request names the same thing. */
export const idFrom = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);

export const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{24}$/.test(value);
