// Stripe.js as React's Elements use it: fields in the page, and what reads them fails once they are gone.
import type { Stripe } from '@stripe/stripe-js';

export function stripeInPage() {
  const heard = new Map<string, (payload: unknown) => void>();
  let isDestroyed = false;
  let lose: (error: Error) => void = () => {};
  const element = {
    mount: () => void setTimeout(() => heard.get('ready')?.(element)),
    destroy: () => {
      isDestroyed = true;
      lose(new Error('We could not retrieve data from the specified Element.'));
    },
    on: (event: string, listener: (payload: unknown) => void) => heard.set(event, listener),
    off: (event: string) => heard.delete(event),
    update() {},
  };
  const elements = { create: () => element, getElement: () => element, update() {}, submit: async () => ({}) };
  /** Takes as long as the fields are there. */
  const confirmPayment = jest.fn(
    () =>
      new Promise<never>((_, reject) => {
        lose = reject;
      }),
  );
  const stripe = {
    elements: () => elements,
    createToken() {},
    createPaymentMethod() {},
    confirmCardPayment() {},
    retrievePaymentIntent: async () => ({ paymentIntent: { status: 'requires_payment_method' } }),
    confirmPayment,
  };
  return { stripe: stripe as unknown as Stripe, confirmPayment, isDestroyed: () => isDestroyed };
}
