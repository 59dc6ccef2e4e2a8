import type { Clock } from '../clock';
import { Problem } from '../http/problem';
import type { RateLimit, RateLimiter } from '../http/rate-limits';

/** The limiter's contract with counters in memory and the test's time; the one on Redis has a test of its own. */
export function limiterByClock(clock: Clock): RateLimiter {
  const counters = new Map<string, { used: number; endsAtMs: number }>();
  const counterOf = (limit: RateLimit, key: string) => {
    const name = `${limit.name}:${key}`;
    const now = clock.now().getTime();
    const found = counters.get(name);
    if (found && found.endsAtMs > now) return found;
    const fresh = { used: 0, endsAtMs: now + limit.perSeconds * 1000 };
    counters.set(name, fresh);
    return fresh;
  };
  const refuse = (endsAtMs: number): never => {
    const seconds = Math.ceil((endsAtMs - clock.now().getTime()) / 1000);
    throw new Problem(429, 'TooManyRequests', 'Too many attempts.', { headers: { 'Retry-After': String(seconds) } });
  };
  return {
    async use(limit, key) {
      const counter = counterOf(limit, key);
      counter.used += 1;
      if (counter.used > limit.points) refuse(counter.endsAtMs);
    },
    async giveBack(limit, key) {
      counterOf(limit, key).used -= 1;
    },
  };
}
