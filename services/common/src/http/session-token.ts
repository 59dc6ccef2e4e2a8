import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';

export const sessionCookie = 'session';
export const sessionDays = 14;

export interface Session {
  /** Random, of this sign-in alone. */
  sessionId: string;
  userId: string;
  issuedAt: Date;
  expiresAt: Date;
}

/** Signs a session into the cookie's value (HS256). */
export const signSession = (session: Session, key: string): string =>
  jwt.sign(
    {
      sid: session.sessionId,
      sub: session.userId,
      // Milliseconds, since a password change ends what was issued before it, to the millisecond.
      iatMs: session.issuedAt.getTime(),
      iat: Math.floor(session.issuedAt.getTime() / 1000),
      exp: Math.floor(session.expiresAt.getTime() / 1000),
    },
    keyObject(key),
    { algorithm: 'HS256' },
  );

/** The session in the cookie, or nothing when it is absent, forged or lapsed. */
export function verifySession(token: string | undefined, key: string, now: Date): Session | undefined {
  if (!token) return undefined;
  try {
    const claims = jwt.verify(token, keyObject(key), {
      algorithms: ['HS256'],
      clockTimestamp: Math.floor(now.getTime() / 1000),
    });
    if (typeof claims === 'string' || !claims.sub || !claims.exp) return undefined;
    return {
      sessionId: String(claims.sid),
      userId: claims.sub,
      issuedAt: new Date(Number(claims.iatMs)),
      expiresAt: new Date(claims.exp * 1000),
    };
  } catch (error) {
    if (error instanceof jwt.JsonWebTokenError) return undefined;
    throw error;
  }
}

const keyObjects = new Map<string, KeyObject>();

/** Given a string, jsonwebtoken first tries to read it as a PEM public key, on every call: a fifth of a purchase's CPU. */
function keyObject(key: string): KeyObject {
  const known = keyObjects.get(key) ?? createSecretKey(Buffer.from(key));
  keyObjects.set(key, known);
  return known;
}

/** The cookie's value, read from the header: one cookie does not need a parser. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  const found = header?.split(/;\s*/).find((part) => part.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
