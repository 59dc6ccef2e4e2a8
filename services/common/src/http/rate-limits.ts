// Who may do how much, as data. Each limit counts one thing about a request; going over answers 429 with Retry-After.
import type { Redis } from 'ioredis';
import { IPv6, isValid, parse } from 'ipaddr.js';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { isLoopback } from '../dapr/app-token';
import { Problem } from './problem';

export interface RateLimit {
  name: string;
  points: number;
  perSeconds: number;
}

export const rateLimits = {
  /** Wrong passwords for one account from one device that signed in to it before; nothing else counts for it. */
  failedSignInsOfDevice: { name: 'signin-device', points: 10, perSeconds: 15 * 60 },
  /** Wrong passwords for one account from one address, from devices that are not known. */
  failedSignInsOfAccountFromAddress: { name: 'signin-account-address', points: 10, perSeconds: 15 * 60 },
  /** Wrong passwords for one account from all devices that are not known: slows who guesses from many addresses. */
  failedSignInsOfAccount: { name: 'signin-account', points: 50, perSeconds: 15 * 60 },
  /** Wrong passwords from one address, over all accounts. */
  failedSignInsOfAddress: { name: 'signin-address', points: 100, perSeconds: 15 * 60 },
  /** New accounts from one address. */
  signUpsOfAddress: { name: 'signup-address', points: 50, perSeconds: 60 * 60 },
  /** Changes of one account, each of which sends mail, also to an address that nobody has confirmed. */
  changesOfAccount: { name: 'account-changes', points: 10, perSeconds: 60 * 60 },
  /** E-tickets that were not of our making, shown by one account at the door. */
  forgedETicketsOfAccount: { name: 'forged-e-tickets', points: 100, perSeconds: 10 * 60 },
  /** E-tickets drawn for one account; one that was drawn a while ago is there, and not counted. */
  eTicketDrawingsOfAccount: { name: 'e-ticket-drawings', points: 60, perSeconds: 10 * 60 },
  /** Payments of one account opened or settled: each asks Stripe, which takes 100 requests a second from all of us. */
  paymentRequestsOfAccount: { name: 'payment-requests', points: 120, perSeconds: 60 },
} as const satisfies Record<string, RateLimit>;

export interface RateLimiter {
  /** Counts one use. @throws Problem 429 when there are none left */
  use(limit: RateLimit, key: string): Promise<void>;
  /** Takes back one use that should not count: a sign-in that turned out well. */
  giveBack(limit: RateLimit, key: string): Promise<void>;
}

/**
 * Under which key an address is counted, if it is. On loopback an address is one machine, not one person: there is no
 * limit to set on it. In IPv6 one subscriber has a /64 (RFC 6177), with more addresses than anyone can count.
 */
export function addressLimitKey(address: string | undefined): string | undefined {
  if (address === undefined || isLoopback(address)) return undefined;
  // A proxy may name a client in its own way.
  if (!isValid(address)) return address;
  const parsed = parse(address);
  if (!(parsed instanceof IPv6)) return parsed.toString();
  return parsed.isIPv4MappedAddress()
    ? parsed.toIPv4Address().toString()
    : `${IPv6.networkAddressFromCIDR(`${parsed}/64`)}/64`;
}

/** Counters in Redis, shared by all replicas, each step one atomic command. */
export const redisRateLimiter = (redis: Redis, app: string): RateLimiter =>
  rateLimiter(
    ({ name, points, perSeconds }) =>
      new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `rate:${app}:${name}`,
        points,
        duration: perSeconds,
        rejectIfRedisNotReady: true,
      }),
  );

/** Counters of this process: for what costs this process something, and has to work without Redis. */
export const ownRateLimiter = (): RateLimiter =>
  rateLimiter(
    ({ name, points, perSeconds }) => new RateLimiterMemory({ keyPrefix: name, points, duration: perSeconds }),
  );

function rateLimiter(create: (limit: RateLimit) => RateLimiterAbstract): RateLimiter {
  const limiters = new Map<string, RateLimiterAbstract>();
  const limiterFor = (limit: RateLimit) => {
    const found = limiters.get(limit.name) ?? create(limit);
    limiters.set(limit.name, found);
    return found;
  };
  return {
    async use(limit, key) {
      await limiterFor(limit).consume(key).catch(refuse);
    },
    async giveBack(limit, key) {
      await limiterFor(limit).reward(key).catch(refuse);
    },
  };
}

function refuse(reason: unknown): never {
  if (!(reason instanceof RateLimiterRes)) throw unavailable(reason);
  const seconds = Math.max(1, Math.ceil(reason.msBeforeNext / 1000));
  throw new Problem(429, 'TooManyRequests', `Too many attempts. Try again in ${seconds} seconds.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}

/** Redis does not answer: nobody may guess passwords meanwhile. */
function unavailable(cause: unknown): Problem {
  const problem = new Problem(503, 'RateLimitsUnavailable', 'We cannot do this right now. Try again in a moment.', {
    headers: { 'Retry-After': '2' },
  });
  problem.cause = cause;
  return problem;
}
