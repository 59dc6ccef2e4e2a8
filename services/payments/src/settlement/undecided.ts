import { NoAnswer } from '@ticketing/common';
import { StripeNoAnswer, StripeRefused } from '../stripe/stripe-errors';

/** Too many hands on one payment at once, or Stripe refuses what it should do: the reconciler comes back to it. */
export class NotSettledYet extends Error {}

/** The outcome is not known yet. Nothing is lost: what was decided is stored, and the reconciler goes on from there. */
export const isUndecided = (error: unknown): boolean =>
  error instanceof NoAnswer ||
  error instanceof StripeNoAnswer ||
  error instanceof StripeRefused ||
  error instanceof NotSettledYet;
