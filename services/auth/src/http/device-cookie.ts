// A browser that has signed in to an account is known to it from then on: wrong passwords of strangers do not lock it
// out. Source: https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
import { createHmac, timingSafeEqual } from 'node:crypto';
import { cookieOf, type NewId } from '@ticketing/common';
import type { Request, Response } from 'express';
import type { User } from '../domain/user';

const deviceCookie = 'device';
const deviceMs = 180 * 24 * 3_600_000;

/** Makes this browser known to the account, anew with each sign-in. */
export function setDeviceCookie(
  req: Request,
  res: Response,
  user: User,
  { sessionKey, now, newId }: { sessionKey: string; now: Date; newId: NewId },
): void {
  const device = { id: newId(), issuedAtMs: now.getTime() };
  res.cookie(deviceCookie, `${device.id}.${device.issuedAtMs}.${seal(device, user, sessionKey).toString('hex')}`, {
    httpOnly: true,
    sameSite: 'strict',
    path: '/api/users',
    secure: req.secure,
    maxAge: deviceMs,
  });
}

/**
 * The id of the device, when the account knows it. One that was known before the last change of the password is not:
 * somebody changed it to be rid of others.
 */
export function knownDevice(req: Request, user: User, sessionKey: string, now: Date): string | undefined {
  const cookie = cookieOf(req.headers.cookie, deviceCookie) ?? '';
  const [, id = '', issued = '', given = ''] = /^(\w{1,64})\.(\d{1,15})\.([0-9a-f]{64})$/.exec(cookie) ?? [];
  const device = { id, issuedAtMs: Number(issued) };
  if (!given || !timingSafeEqual(Buffer.from(given, 'hex'), seal(device, user, sessionKey))) return undefined;
  const since = Math.max(now.getTime() - deviceMs, user.sessionsEndedBefore?.getTime() ?? 0);
  return device.issuedAtMs >= since ? id : undefined;
}

interface Device {
  id: string;
  issuedAtMs: number;
}

/** Begins with what it is for: nothing else that is signed with this key can be taken for it. */
const seal = ({ id, issuedAtMs }: Device, user: User, sessionKey: string): Buffer =>
  createHmac('sha256', sessionKey).update(`device cookie ${user._id} ${id} ${issuedAtMs}`).digest();
