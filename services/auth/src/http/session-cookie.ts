import { type NewId, type Session, sessionCookie, sessionDays, signSession } from '@ticketing/common';
import type { CookieOptions, Request, Response } from 'express';
import type { User } from '../domain/user';

const sessionMs = sessionDays * 24 * 3_600_000;

/** `issuedAt` is a moment before the password was checked, so that a change of it meanwhile ends this session too. */
export const newSession = (user: User, issuedAt: Date, newId: NewId): Session => ({
  sessionId: newId(),
  userId: user._id,
  issuedAt,
  expiresAt: new Date(issuedAt.getTime() + sessionMs),
});

export function setSessionCookie(req: Request, res: Response, session: Session, key: string, now: Date): void {
  const maxAge = session.expiresAt.getTime() - now.getTime();
  res.cookie(sessionCookie, signSession(session, key), { ...attributes(req), maxAge });
}

export const clearSessionCookie = (req: Request, res: Response): void => {
  res.clearCookie(sessionCookie, attributes(req));
};

const attributes = (req: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  path: '/',
  secure: req.secure,
});
