// The one way in which a payment moves. Settle, webhook, reconciler, cancellation and orders' question all come here,
// at the same time if they like: each step is decided on what is stored and what Stripe says, and written on condition
// that nobody was faster; each request to Stripe is one that may be repeated.
import { captureAnswered } from '../domain/close-payment';
import type { Intent } from '../domain/intent';
import { nextStep, type Step } from '../domain/next-step';
import { intentCreated, keyUsedUp } from '../domain/open-payment';
import type { Change, Payment } from '../domain/payment';
import { refundRefused, refundSeen } from '../domain/refund-payment';
import { newsOf } from '../domain/see-disputes';
import { intentSeen } from '../domain/see-intent';
import { StripeRefused } from '../stripe/stripe-errors';
import type { SettlementDeps } from './deps';
import { NotSettledYet } from './undecided';

export interface AdvanceOptions {
  /** Looks at Stripe even if the payment is captured: it may have been refunded there, or disputed. */
  lookAgain?: boolean;
  /** Gives money back also if that has failed before: only the reconciler does, each time later. */
  retryRefund?: boolean;
}

/** More than any payment needs, fewer than a misunderstanding with Stripe would take. */
const mostSteps = 16;
/** Stripe's refusals are looked into and asked about anew this often before it is left to the reconciler. */
const mostRefusals = 2;

/**
 * Brings the payment as far as it can go now, and resolves with it as it then stands; nothing when there is none.
 * @throws what `isUndecided` tells, when Stripe or orders did not say
 */
export async function advancePayment(
  deps: SettlementDeps,
  orderId: string,
  { lookAgain = false, retryRefund = false }: AdvanceOptions = {},
): Promise<Payment | null> {
  let payment = await deps.payments.find(orderId);
  let intent: Intent | undefined;
  let refusals = 0;
  let refusedRefund: StripeRefused | undefined;
  const write = async (read: Payment, change: Change): Promise<Payment | null> => {
    const saved = await deps.payments.save(read, change);
    if (saved) return saved;
    // Somebody was faster, and what Stripe said before may be older than what they have seen.
    intent = undefined;
    return deps.payments.find(orderId);
  };

  for (let steps = 0; payment; steps++) {
    if (steps === mostSteps) throw new NotSettledYet(`payment ${orderId} did not come to rest`);
    const read: Payment = payment;
    const seen: Change | undefined = intent && intentSeen(read, intent, deps.rules);
    if (seen && seen.payment !== read) {
      const disputes = newsOf(read, seen.payment.disputes);
      payment = await write(read, seen);
      if (disputes.length > 0) deps.log.warn({ orderId, disputes }, 'a charge is disputed, or that is decided');
      continue;
    }
    const isPaid = read.state === 'captured' || read.state === 'refunded';
    const step: Step = lookAgain && isPaid && !intent ? 'look' : nextStep(read, intent);
    if (step === 'nothing') return read;
    if (step === 'refund') {
      if (refusedRefund) throw refusedRefund;
      if (read.refundFailures > 0 && !retryRefund) return read;
    }
    try {
      const taken: Taken = await take(deps, step, read);
      intent = taken.intent ?? intent;
      if (taken.change && taken.change.payment !== read) payment = await write(read, taken.change);
    } catch (error) {
      if (!(error instanceof StripeRefused) || step === 'look') throw error;
      if (step === 'refund') {
        deps.log.error(
          { err: error, orderId, failures: read.refundFailures + 1 },
          'a refund failed; it is tried again',
        );
        // Perhaps it was done all the same: that is looked for before it is left for later.
        refusedRefund = error;
        intent = undefined;
        payment = await write(read, refundRefused(read, error.message));
        continue;
      }
      if (refusals++ === mostRefusals) throw error;
      deps.log.warn({ err: error, orderId, step }, 'Stripe refused; looking again');
      intent = undefined;
      payment = await write(read, keyUsedUp(read));
    }
  }
  return null;
}

interface Taken {
  intent?: Intent;
  change?: Change;
}

async function take({ stripe, orders }: SettlementDeps, step: Step, payment: Payment): Promise<Taken> {
  switch (step) {
    case 'look':
      return { intent: await stripe.look(payment) };
    case 'create-intent':
      return { change: intentCreated(payment, (await stripe.createIntent(payment)).intent.id) };
    case 'ask-orders':
      return { change: captureAnswered(payment, await orders.beginCapture(payment._id)) };
    case 'capture':
      return { intent: await stripe.capture(payment) };
    case 'cancel-intent':
      return { intent: await stripe.cancel(payment) };
    case 'refund':
      return { change: refundSeen(payment, await stripe.refund(payment)) };
    case 'nothing':
      return {};
  }
}
