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
