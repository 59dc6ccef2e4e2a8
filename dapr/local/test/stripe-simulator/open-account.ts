/** A simulator with the real SDK beside it, as payments uses it, and what a buyer's browser does. */
import Stripe from 'stripe';
import { request } from 'undici';
import {
  approveAuthentication,
  confirmCard,
  type SimulatorSettings,
  startStripeSimulator,
} from '../../src/stripe-simulator';

export const keys = {
  publishableKey: 'pk_test_simulator',
  secretKey: 'sk_test_simulator',
  webhookSecret: 'whsec_test',
};

export async function openAccount(settings: Partial<SimulatorSettings> = {}) {
  const simulator = await startStripeSimulator({ port: 0, ...keys, ...settings });
  const { url, port } = simulator;
  const stripe = new Stripe(keys.secretKey, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 });
  const browser = (intent: { client_secret: string | null }) => ({
    url,
    publishableKey: keys.publishableKey,
    clientSecret: intent.client_secret ?? '',
  });
  return {
    url,
    stripe,
    stop: () => simulator.stop(),
    createIntent: (more: Partial<Stripe.PaymentIntentCreateParams> = {}, options: Stripe.RequestOptions = {}) =>
      stripe.paymentIntents.create(
        { amount: 2000, currency: 'usd', capture_method: 'manual', allowed_payment_method_types: ['card'], ...more },
        options,
      ),
    pay: (intent: { client_secret: string | null }, cardNumber = '4242424242424242', more = {}) =>
      confirmCard({ ...browser(intent), cardNumber, ...more }),
    authenticate: (intent: { client_secret: string | null }, outcome: 'approve' | 'fail') =>
      approveAuthentication({ ...browser(intent), outcome }),
    /** A request as it goes over the wire. */
    async send(method: string, path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) {
      const answer = await request(url + path, {
        method: method as 'POST',
        headers: {
          authorization: `Bearer ${keys.secretKey}`,
          'content-type': 'application/x-www-form-urlencoded',
          ...headers,
        },
        ...(method === 'POST' ? { body: new URLSearchParams(form).toString() } : {}),
      });
      const body = (await answer.body.json()) as Record<string, never> & { error: Record<string, never> };
      return { status: answer.statusCode, headers: answer.headers, body };
    },
    /** Those that have not struck for the last time. */
    async faults(): Promise<unknown[]> {
      const answer = await request(`${url}/_admin/faults`);
      return (await answer.body.json()) as unknown[];
    },
    async misbehave(fault: object) {
      const answer = await request(`${url}/_admin/faults`, { method: 'POST', body: JSON.stringify(fault) });
      if (answer.statusCode !== 201) throw new Error(await answer.body.text());
      await answer.body.dump();
    },
  };
}

export type OpenAccount = Awaited<ReturnType<typeof openAccount>>;

/** What the SDK threw. */
export async function refusalOf(work: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof Stripe.errors.StripeError) return outcome;
  throw new Error(`Stripe refuses, was expected; got ${String(outcome)}`);
}
