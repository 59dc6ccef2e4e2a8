// What a person can be told when a payment cannot be had, as data: the code, the status, and what to do next.
import { notFound, Problem } from '@ticketing/common';
import type { OpeningRefusal } from '../domain/open-payment';
import { isUndecided } from '../settlement/undecided';

export const openingProblems: Record<OpeningRefusal, { status: number; detail: string }> = {
  OrderNotHeld: { status: 409, detail: 'The ticket is not reserved yet. Try again in a moment.' },
  OrderCancelled: { status: 409, detail: 'This order was cancelled. Start a new one.' },
  OrderCompleted: { status: 409, detail: 'This order is paid already.' },
  OrderExpired: {
    status: 409,
    detail: 'The time to pay has run out. Start a new order if the ticket is still for sale.',
  },
  PaymentClosed: { status: 409, detail: 'The payment of this order is closed. Start a new order.' },
  PaymentDeclined: { status: 409, detail: 'The card was declined too often. Start a new order.' },
};

export const openingProblem = (code: OpeningRefusal): Problem =>
  new Problem(openingProblems[code].status, code, openingProblems[code].detail);

export const unknownOrder = () => notFound('order');
export const unknownPayment = () => notFound('payment');

export const forgedWebhook = () =>
  new Problem(400, 'InvalidSignature', 'This is not signed by Stripe, or too long ago.');

/** Stripe or orders did not say. Nothing is lost by it, and asking again is safe. */
export const undecided = (cause: unknown): Problem => {
  const problem = new Problem(
    503,
    'PaymentUndecided',
    'We could not find out how the payment stands. Try again in a moment; you will not be charged twice.',
    { headers: { 'Retry-After': '2' } },
  );
  problem.cause = cause;
  return problem;
};

/** For `.catch`: the problem a person is answered, or the failure itself. */
export function throwUndecided(error: unknown): never {
  throw isUndecided(error) ? undecided(error) : error;
}
