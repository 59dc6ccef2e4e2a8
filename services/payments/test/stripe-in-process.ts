// The Stripe simulator without its port: the same requests by the same SDK, answered in this process; and what a
// buyer's browser and an operator at Stripe do.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { type Clock, silentLog } from '@ticketing/common';
import Stripe from 'stripe';
import { Account } from '../../../dapr/local/src/stripe-simulator/account';
import { type Fault, Faults } from '../../../dapr/local/src/stripe-simulator/admin/faults';
import { answerApiCall } from '../../../dapr/local/src/stripe-simulator/http/answer-api-call';
import { IdempotencyKeys } from '../../../dapr/local/src/stripe-simulator/http/idempotency';
import type { Charge, PaymentIntent, Refund } from '../../../dapr/local/src/stripe-simulator/payments/objects';
import { Store } from '../../../dapr/local/src/stripe-simulator/store/store';
import { paymentsAt, type StripePayments } from '../src/stripe/stripe-payments';

const keys = { secretKey: 'sk_test_x', publishableKey: 'pk_test_x', webhookSecret: 'whsec_x' };

export interface StripeRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface StripeAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface SignedEvent {
  type: string;
  payload: string;
  signature: string;
}

export type Carry = (what: string, send: () => Promise<StripeAnswer>) => Promise<StripeAnswer>;

/** What Stripe remembers, to begin another story with. */
export type StripeMemory = { [kind in (typeof kinds)[number]]: unknown[] };
const kinds = ['intents', 'charges', 'refunds', 'paymentMethods', 'events', 'answers'] as const;

export interface StripeInProcess {
  /** As payments sees it. Each request goes through `carry`, which may lose it, or its answer. */
  forPayments(carry: Carry): StripePayments;
  /** A card, by whoever knows the PaymentIntent's secret; false when the bank or Stripe refuses. */
  confirm(clientSecret: string, cardNumber: string): Promise<boolean>;
  /** An operator cancels it. */
  cancel(intentId: string): Promise<void>;
  /** All that Stripe would tell by webhook, oldest first, signed now. */
  webhooks(): SignedEvent[];
  /** As the simulator's controls. */
  misbehave(fault: Fault): void;
  intents(): PaymentIntent[];
  charges(): Charge[];
  refunds(): Refund[];
  remember(): StripeMemory;
  /** Knows this and nothing else from now on. */
  beginWith(memory: StripeMemory): void;
}

export interface StripeInProcessOptions {
  clock: Clock;
  /** Called after each request of payments' that was answered. */
  watch?: (request: StripeRequest, answer: StripeAnswer) => void;
  /** What becomes of payments' requests on the way: a twin leaves things out. */
  alter?: (request: StripeRequest) => StripeRequest;
}

export function stripeInProcess({ clock, watch, alter = (request) => request }: StripeInProcessOptions) {
  const store = new Store();
  const account = new Account(store, clock, null);
  const idempotency = new IdempotencyKeys(store, clock);
  const parts = { account, store, idempotency, keys, faults: new Faults(), log: silentLog, origin: () => '' };

  const answer = async ({ method, path, headers, body }: StripeRequest): Promise<StripeAnswer> => {
    const request = Object.assign(Readable.from(body === '' ? [] : [Buffer.from(body)]), {
      method,
      url: path,
      headers,
    });
    const given = await answerApiCall(request as unknown as IncomingMessage, parts);
    if ('cutAfterMs' in given) throw new Error('no answer was to be lost here');
    return { status: given.status, headers: given.headers ?? {}, body: given.body };
  };
  const asBrowser = (path: string, form: Record<string, string>) =>
    answer({
      method: 'POST',
      path,
      headers: { authorization: `Bearer ${keys.publishableKey}` },
      body: new URLSearchParams(form).toString(),
    });
  const signing = new Stripe(keys.secretKey);

  const stripe: StripeInProcess = {
    forPayments(carry) {
      const client = new Stripe(keys.secretKey, {
        telemetry: false,
        // One answer lost here stands for a request and its repeat.
        maxNetworkRetries: 0,
        httpClient: {
          getClientName: () => 'in-process',
          async makeRequest(_host, _port, path, method, sent, requestData) {
            const headers = Object.fromEntries(
              Object.entries(sent).map(([name, value]) => [name.toLowerCase(), String(value)]),
            );
            const request = alter({ method, path, headers, body: requestData ?? '' });
            const answered = await carry(`${method} ${path.replace(/\?.*|_[A-Za-z0-9]{8,}/g, '')}`, () =>
              answer(request),
            );
            watch?.(request, answered);
            return {
              getStatusCode: () => answered.status,
              getHeaders: () => answered.headers,
              getRawResponse: () => answered,
              toStream: () => Readable.from([answered.body]),
              toJSON: async () => JSON.parse(answered.body),
            };
          },
        },
      });
      return paymentsAt(client, keys);
    },
    async confirm(clientSecret, cardNumber) {
      const { status } = await asBrowser(`/v1/payment_intents/${clientSecret.split('_secret_')[0]}/confirm`, {
        client_secret: clientSecret,
        'payment_method_data[type]': 'card',
        'payment_method_data[card][number]': cardNumber,
        'payment_method_data[card][exp_month]': '12',
        'payment_method_data[card][exp_year]': '2030',
        'payment_method_data[card][cvc]': '123',
      });
      return status === 200;
    },
    async cancel(intentId) {
      const path = `/v1/payment_intents/${intentId}/cancel`;
      await answer({ method: 'POST', path, headers: { authorization: `Bearer ${keys.secretKey}` }, body: '' });
    },
    webhooks: () =>
      account
        .events()
        .reverse()
        .map((event) => {
          const payload = JSON.stringify(event);
          const timestamp = Math.floor(clock.now().getTime() / 1000);
          const signature = signing.webhooks.generateTestHeaderString({
            payload,
            secret: keys.webhookSecret,
            timestamp,
          });
          return { type: event.type, payload, signature };
        }),
    misbehave: (fault) => void parts.faults.add(fault),
    intents: () => account.intents().reverse(),
    charges: () => account.charges().reverse(),
    refunds: () => account.refunds({}).reverse(),
    remember: () => Object.fromEntries(kinds.map((kind) => [kind, [...store[kind].values()]])) as StripeMemory,
    beginWith(memory) {
      account.reset();
      for (const kind of kinds) for (const value of memory[kind]) store[kind].put(value as never);
      account.watchAuthorizations();
    },
  };
  return stripe;
}

/** What the SDK takes for an answer that did not come in time. */
export const timedOut = () => Object.assign(new TypeError('ETIMEDOUT'), { code: 'ETIMEDOUT' });
