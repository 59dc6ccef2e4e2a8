/** Stripe's rules for Idempotency-Key: https://docs.stripe.com/api/idempotent_requests */
import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import type { KeptAnswer, Store } from '../store/store';
import { invalidRequest, StripeError } from './stripe-error';

const keptMs = 24 * 60 * 60 * 1000;
/** More than this many are kept for an hour only, so that a load run does not fill the memory. */
const keptForADay = 10_000;
const manyKeptMs = 60 * 60 * 1000;

export class IdempotencyKeys {
  private readonly inUse = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the key for one request, or gives the answer that was kept for it. Throws when it is in use now, or was used
   * with other parameters. A key that was taken must be released.
   */
  take(key: string, path: string, body: string): KeptAnswer | null {
    if (key.length > 255) {
      throw invalidRequest('Idempotency keys must be at most 255 characters long.', { code: 'parameter_too_long' });
    }
    this.forgetOld();
    if (this.inUse.has(key)) throw keyInUse(key);
    const kept = this.store.answers.get(key);
    if (!kept) {
      this.inUse.add(key);
      return null;
    }
    if (kept.path !== path) throw otherEndpoint(kept.path, key);
    if (kept.fingerprint !== fingerprintOf(body)) throw otherParameters(key);
    return kept;
  }

  keep(key: string, path: string, body: string, status: number, answer: string): void {
    const keptAtMs = this.clock.now().getTime();
    this.store.answers.put({ id: key, fingerprint: fingerprintOf(body), path, status, body: answer, keptAtMs });
  }

  release(key: string): void {
    this.inUse.delete(key);
  }

  private forgetOld(): void {
    const now = this.clock.now().getTime();
    for (const answer of this.store.answers.values()) {
      const lastsMs = this.store.answers.size > keptForADay ? manyKeptMs : keptMs;
      if (now - answer.keptAtMs <= lastsMs) return;
      this.store.answers.delete(answer.id);
    }
  }
}

/** The order of parameters does not matter. */
const fingerprintOf = (body: string): string =>
  createHash('sha256').update(body.split('&').sort().join('&')).digest('base64url');

const keyInUse = (key: string): StripeError =>
  new StripeError(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
  });

const otherParameters = (key: string): StripeError =>
  new StripeError(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });

const otherEndpoint = (path: string, key: string): StripeError =>
  new StripeError(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}'). Try using a key other than '${key}' if you meant to execute a different request.`,
  });
