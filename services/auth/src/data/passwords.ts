import { randomBytes } from 'node:crypto';
import { type Algorithm, hash, verify } from '@node-rs/argon2';

/** OWASP Password Storage Cheat Sheet, Argon2id, second row: 19 MiB, 2 passes, 1 lane. */
export const argon2Parameters = {
  algorithm: 2 satisfies Algorithm.Argon2id as Algorithm,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Without a hash (no such account) it does the same work and says no: time does not tell who has an account. */
  matches(password: string, passwordHash: string | undefined): Promise<boolean>;
}

export async function argon2Passwords(): Promise<Passwords> {
  const nobodysHash = await hash(randomBytes(32), argon2Parameters);
  return {
    hash: (password) => hash(password, argon2Parameters),
    async matches(password, passwordHash) {
      const same = await verify(passwordHash ?? nobodysHash, password);
      return same && passwordHash !== undefined;
    },
  };
}
