// The story of one press on "Pay". Whatever was pressed before, here or in another tab, a card that is confirmed
// already is settled rather than asked for again.
import type { PaymentIntent, Stripe, StripeElements } from '@stripe/stripe-js';
import type { Charge } from '@/api/types';
import { describeRefusal } from './describe-refusal';

export type PaymentResult =
  /** The money was taken: the order completes by itself. */
  | { kind: 'taken' }
  /** Nothing was taken, and another card or another try may do. */
  | { kind: 'refused'; message: string }
  /** Nothing was sent: the fields say what is wrong with them. */
  | { kind: 'incomplete' }
  /** Nothing was taken, and no card is taken any more. */
  | { kind: 'ended'; message: string }
  /** Nothing was sent, as nobody is signed in any more. */
  | { kind: 'signedOut' }
  /** The card is confirmed: the server finds out the rest, with or without this page. */
  | { kind: 'unknown' }
  /** No answer came, and Stripe cannot be asked: as far as is known, nothing was taken. */
  | { kind: 'cutOff' };

export interface PaySteps {
  stripe: Pick<Stripe, 'retrievePaymentIntent' | 'confirmPayment'>;
  elements: StripeElements;
  clientSecret: string;
  /** This page: a bank may insist on sending the buyer there and back. */
  returnUrl: string;
  /** True as well when it cannot be found out. */
  isSignedIn: () => Promise<boolean>;
  /** Asks the server until it is known; nothing when it takes too long. */
  settle: () => Promise<Charge | undefined>;
  /** Lets the server count a declined card now, rather than when Stripe's webhook tells it. */
  reportDecline: () => Promise<void>;
}

export async function payOrder(steps: PaySteps): Promise<PaymentResult> {
  const { stripe, elements, clientSecret, returnUrl } = steps;
  // Stripe takes a card of anybody: a page whose session is over sends none.
  const [isDone, isSignedIn] = await Promise.all([isConfirmedAlready(steps), steps.isSignedIn()]);
  if (isDone) return settled(steps);
  if (!isSignedIn) return { kind: 'signedOut' };

  const { error: unfinished } = await elements.submit();
  if (unfinished) return { kind: 'incomplete' };

  const { error } = await stripe.confirmPayment({
    elements,
    clientSecret,
    confirmParams: { return_url: returnUrl },
    redirect: 'if_required',
  });
  if (!error || isConfirmed(error.payment_intent)) return settled(steps);
  if (error.type === 'validation_error') return { kind: 'incomplete' };
  if (error.type === 'card_error' || error.code === 'payment_intent_authentication_failure') {
    await steps.reportDecline();
    return { kind: 'refused', message: describeRefusal(error) };
  }
  return afterLostAnswer(steps, describeRefusal(error));
}

/** Whether the card is confirmed and the rest is the server's to do. */
export const isConfirmed = (intent: PaymentIntent | undefined): boolean =>
  intent?.status === 'requires_capture' || intent?.status === 'processing' || intent?.status === 'succeeded';

/** @returns false as well when Stripe cannot be asked: confirming asks it anyway, and it confirms once only */
export async function isConfirmedAlready({ stripe, clientSecret }: Pick<PaySteps, 'stripe' | 'clientSecret'>) {
  const { paymentIntent } = await stripe.retrievePaymentIntent(clientSecret);
  return isConfirmed(paymentIntent);
}

export async function settled({ settle }: Pick<PaySteps, 'settle'>): Promise<PaymentResult> {
  const charge = await settle();
  if (!charge) return { kind: 'unknown' };
  if (charge.status === 'Completed') return { kind: 'taken' };
  return {
    kind: 'ended',
    message: charge.message ?? 'The order had ended before the payment did. Nothing was charged.',
  };
}

/** The request may have arrived although its answer did not. */
async function afterLostAnswer(steps: PaySteps, message: string): Promise<PaymentResult> {
  const { paymentIntent } = await steps.stripe.retrievePaymentIntent(steps.clientSecret);
  if (!paymentIntent) return { kind: 'cutOff' };
  return isConfirmed(paymentIntent) ? settled(steps) : { kind: 'refused', message };
}
