import { addressLimitKey, type RateLimit, type RateLimiter, rateLimits } from '@ticketing/common';
import type { Request } from 'express';
import type { User } from '../domain/user';
import { knownDevice } from './device-cookie';

interface Attempt {
  /** The account's, whether there is one or not: the answer must not tell. */
  email: string;
  user: User | null;
  sessionKey: string;
  now: Date;
}

/**
 * Runs a check of a password within the limits on wrong ones. The attempt is counted before it is made and given back
 * when it was right: if it were counted after, a thousand guesses sent at once would all be let through.
 * @returns whether the password was right
 * @throws Problem 429 when none are left
 */
export async function withinAttempts(
  limiter: RateLimiter,
  req: Request,
  attempt: Attempt,
  check: () => Promise<boolean>,
): Promise<boolean> {
  const counted = countersOf(req, attempt);
  for (const [limit, key] of counted) await limiter.use(limit, key);
  const right = await check();
  if (right) for (const [limit, key] of counted) await limiter.giveBack(limit, key);
  return right;
}

/** The narrowest first: who has used up theirs does not use up what others share. */
function countersOf(req: Request, { email, user, sessionKey, now }: Attempt): [RateLimit, string][] {
  const device = user ? knownDevice(req, user, sessionKey, now) : undefined;
  if (device) return [[rateLimits.failedSignInsOfDevice, device]];
  const address = addressLimitKey(req.ip);
  return [
    [rateLimits.failedSignInsOfAccountFromAddress, `${address ?? 'loopback'} ${email}`],
    ...(address ? [[rateLimits.failedSignInsOfAddress, address] as [RateLimit, string]] : []),
    [rateLimits.failedSignInsOfAccount, email],
  ];
}
