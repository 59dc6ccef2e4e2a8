import Stripe from 'stripe';

/** It is not known whether Stripe did what was asked: look before asking again. */
export class StripeNoAnswer extends Error {}

/** Stripe does not know a PaymentIntent of which it may have the money: perhaps this is the key of another account. */
export class StripeUnknownIntent extends StripeNoAnswer {}

/** Stripe answered with an error, and will repeat it for the same idempotency key: look, then ask under another. */
export class StripeRefused extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/**
 * Stripe's own errors, sorted by what they say about the work.
 * What Stripe refuses before it begins (429, 401, 403, a key in use) is not kept for the key: the same request may be
 * sent again. https://docs.stripe.com/api/idempotent_requests
 */
export function sortStripeError(error: unknown): never {
  const { errors } = Stripe;
  if (!(error instanceof errors.StripeError)) throw error;
  const notBegun =
    error instanceof errors.StripeConnectionError ||
    error instanceof errors.StripeRateLimitError ||
    error instanceof errors.StripeAuthenticationError ||
    error instanceof errors.StripePermissionError ||
    error.statusCode === 409;
  if (notBegun) throw new StripeNoAnswer(`Stripe: ${error.type} ${error.message}`, { cause: error });
  throw new StripeRefused(
    `Stripe: ${error.statusCode} ${error.code ?? error.type} ${error.message}`,
    error.code,
    error,
  );
}
