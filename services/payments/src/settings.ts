import { duration } from '@ticketing/common';
import { z } from 'zod';

/** `PAYMENT_ATTEMPTS`: how many declined cards end a payment. Few: a thief's list of cards is tried by declines. */
export const paymentAttempts = z
  .string()
  .default('3')
  .transform((text, ctx) => {
    if (/^([1-9]|10)$/.test(text)) return Number(text);
    ctx.addIssue(`must be a whole number from 1 to 10, not "${text}"`);
    return z.NEVER;
  });

/** What the service reads from its environment, beside what every service reads. */
export const settings = {
  MONGO_URL: z.string().min(1),
  /** Where a simulator plays Stripe; not set, it is Stripe. */
  STRIPE_API_URL: z.url().optional(),
  STRIPE_TIMEOUT: duration('6s'),
  /** How many declined cards end a payment. */
  PAYMENT_ATTEMPTS: paymentAttempts,
  RECONCILE_EVERY: duration('10s'),
  /** How long a payment or a webhook is left to the process that has it in hand. */
  RECONCILE_AFTER: duration('15s'),
};
