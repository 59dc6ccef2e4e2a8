import { addressLimitKey, type RateLimit, type RateLimiter, rateLimits } from '@ticketing/common';
import type { Request } from 'express';

/**
 * Runs a check of a password within the limits on wrong ones. The attempt is counted before it is made and given back
 * when it was right: if it were counted after, a thousand guesses sent at once would all be let through.
 * @returns whether the password was right
 * @throws Problem 429 when account or address have none left
 */
export async function withinAttempts(
  limiter: RateLimiter,
  req: Request,
  email: string,
  check: () => Promise<boolean>,
): Promise<boolean> {
  const address = addressLimitKey(req.ip);
  const counted: [RateLimit, string][] = [
    ...(address ? [[rateLimits.failedSignInsOfAddress, address] as [RateLimit, string]] : []),
    [rateLimits.failedSignInsOfAccount, email],
  ];
  for (const [limit, key] of counted) await limiter.use(limit, key);
  const right = await check();
  if (right) for (const [limit, key] of counted) await limiter.giveBack(limit, key);
  return right;
}
