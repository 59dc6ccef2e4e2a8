// What the service asks of Stripe (the audit reads Stripe's books by itself). Every request that changes something
// carries an idempotency key made of the order, the operation and the attempt; the callers look before they ask again.
import Stripe from 'stripe';
import { z } from 'zod';
import { type Intent, type IntentStatus, intentStatuses, type SeenCharge } from '../domain/intent';
import type { Dispute, DisputeStatus, Payment } from '../domain/payment';
import { StripeRefused, StripeUnknownIntent, sortStripeError } from './stripe-errors';

export interface StripePayments {
  /** @throws StripeNoAnswer, StripeRefused; so do all of these */
  createIntent(payment: Payment): Promise<IntentWithSecret>;
  /**
   * The PaymentIntent with all its charges. One that Stripe does not know is as good as cancelled while no card has
   * been at it.
   * @throws StripeUnknownIntent when Stripe does not know one whose money may have been taken, or may yet be
   */
  look(payment: Payment): Promise<Intent>;
  /** What the browser needs to confirm. */
  lookWithSecret(payment: Payment): Promise<IntentWithSecret>;
  capture(payment: Payment): Promise<Intent>;
  cancel(payment: Payment): Promise<Intent>;
  /** One that nobody was told of and no payment keeps. Done as well when it is cancelled already. */
  cancelStray(intentId: string): Promise<void>;
  /** Gives everything back; resolves with the refund's id. @throws StripeRefused also when the refund failed at once */
  refund(payment: Payment): Promise<string>;
  /** @throws what says why it is not a webhook of Stripe's, signed lately */
  readWebhook(body: Buffer, signature: string, receivedAt: Date): WebhookEvent;
  readonly publishableKey: string;
}

const webhookEvent = z.object({
  id: z.string().min(1).max(255),
  type: z.string(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});
export type WebhookEvent = z.infer<typeof webhookEvent>;

export interface IntentWithSecret {
  intent: Intent;
  clientSecret: string;
}

export interface StripeOptions {
  secretKey: string;
  publishableKey: string;
  webhookSecret: string;
  /** Where Stripe is played by a simulator; left out, it is Stripe. */
  apiUrl?: string | undefined;
  /** How long one request may take; it is sent up to twice. */
  timeoutMs: number;
}

/** Stripe's default, in seconds: an older signature may be a replay. */
const signatureToleranceSeconds = 300;
/** How far our clock and Stripe's may be apart. */
const clockSkewSeconds = 300;
/** Longer than the creation of a PaymentIntent can be repeated by us. */
const creationWindowSeconds = 24 * 3600;

export function connectStripe(options: StripeOptions): StripePayments {
  const stripe = new Stripe(options.secretKey, {
    ...stripeAddressOf(options.apiUrl),
    timeout: options.timeoutMs,
    maxNetworkRetries: 1,
    telemetry: false,
  });
  return paymentsAt(stripe, options);
}

/** By a client that knows its key and its way already. */
export function paymentsAt(
  stripe: Stripe,
  { publishableKey, webhookSecret }: Pick<StripeOptions, 'publishableKey' | 'webhookSecret'>,
): StripePayments {
  const withCharges = async (intent: Stripe.PaymentIntent): Promise<Intent> => {
    const charges = await stripe.charges.list({ payment_intent: intent.id, limit: 100 });
    const captured = charges.data.find((charge) => charge.captured);
    const refunds = captured ? (await stripe.refunds.list({ charge: captured.id, limit: 100 })).data : [];
    const disputes = captured?.disputed
      ? (await stripe.disputes.list({ charge: captured.id, limit: 100 })).data.flatMap(seenDispute)
      : [];
    const standing = refunds.find(({ status }) => !hasFailed(status));
    return {
      ...withoutCharges(intent),
      charges: charges.data.map(seenCharge).reverse(),
      refundId: captured?.refunded ? (standing?.id ?? null) : null,
      failedRefundIds: refunds.filter(({ status }) => hasFailed(status)).map(({ id }) => id),
      disputes,
    };
  };

  const findLost = async ({ _id, attempt, openedAt }: Payment): Promise<Stripe.PaymentIntent | undefined> => {
    const openedAtSeconds = Math.floor(openedAt.getTime() / 1000);
    const created = {
      gte: openedAtSeconds - clockSkewSeconds,
      lte: openedAtSeconds + clockSkewSeconds + creationWindowSeconds,
    };
    for await (const intent of stripe.paymentIntents.list({ created, limit: 100 })) {
      const { metadata, status } = intent;
      if (metadata.orderId === _id && metadata.attempt === String(attempt) && status !== 'canceled') return intent;
    }
    return undefined;
  };

  const retrieve = (payment: Payment) => stripe.paymentIntents.retrieve(intentIdOf(payment));

  return {
    publishableKey,

    async createIntent(payment) {
      try {
        const lost = payment.tries > 0 ? await findLost(payment) : undefined;
        const intent = lost ?? (await stripe.paymentIntents.create(creationOf(payment), keyFor('create', payment)));
        return { intent: withoutCharges(intent), clientSecret: secretOf(intent) };
      } catch (error) {
        return sortStripeError(error);
      }
    },

    async look(payment) {
      try {
        return await withCharges(await retrieve(payment));
      } catch (error) {
        return isUnknownIntent(error) ? goneIntent(payment, error) : sortStripeError(error);
      }
    },

    async lookWithSecret(payment) {
      try {
        const intent = await retrieve(payment);
        return { intent: await withCharges(intent), clientSecret: secretOf(intent) };
      } catch (error) {
        return isUnknownIntent(error)
          ? { intent: goneIntent(payment, error), clientSecret: '' }
          : sortStripeError(error);
      }
    },

    capture: (payment) =>
      stripe.paymentIntents
        .capture(intentIdOf(payment), withLatestCharge, keyFor('capture', payment))
        .then(withCharge)
        .catch(sortStripeError),

    cancel: (payment) =>
      stripe.paymentIntents
        .cancel(intentIdOf(payment), withLatestCharge, keyFor('cancel', payment))
        .then(withCharge)
        .catch(sortStripeError),

    async cancelStray(intentId) {
      try {
        await stripe.paymentIntents.cancel(intentId, {}, { idempotencyKey: `stray-${intentId}` });
      } catch (error) {
        if (!isUnknownIntent(error) && !isCancelledAlready(error)) sortStripeError(error);
      }
    },

    async refund(payment) {
      const refund = await stripe.refunds
        .create({ payment_intent: intentIdOf(payment), metadata: { orderId: payment._id } }, keyFor('refund', payment))
        .catch(sortStripeError);
      if (!hasFailed(refund.status)) return refund.id;
      const why = `Stripe: the refund ${refund.id} is ${refund.status}: ${refund.failure_reason ?? 'no reason given'}`;
      throw new StripeRefused(why, refund.failure_reason, refund);
    },

    readWebhook(body, signature, receivedAt) {
      const { constructEvent } = stripe.webhooks;
      const told: unknown = constructEvent.call(
        stripe.webhooks,
        body,
        signature,
        webhookSecret,
        signatureToleranceSeconds,
        undefined,
        receivedAt.getTime(),
      );
      // The SDK refuses what was signed long ago; what is dated ahead could be sent again for as long as it is.
      const signedAt = Number(/(?:^|,)t=(\d+)/.exec(signature)?.[1]) * 1000;
      if (signedAt > receivedAt.getTime() + clockSkewSeconds * 1000) throw new Error('the signature is dated ahead');
      return webhookEvent.parse(told);
    },
  };
}

/** The same for the same payment and attempt, to the letter: Stripe refuses a key with other parameters. */
const creationOf = ({ _id, amount, currency, attempt }: Payment): Stripe.PaymentIntentCreateParams => ({
  amount,
  currency,
  capture_method: 'manual',
  allowed_payment_method_types: ['card'],
  metadata: { orderId: _id, attempt: String(attempt) },
});

const keyFor = (operation: string, { _id, attempt, tries }: Payment): Stripe.RequestOptions => ({
  idempotencyKey: `${_id}-${operation}-${attempt}-${tries}`,
});

const withoutCharges = ({ id, status }: Stripe.PaymentIntent): Intent => ({
  id,
  status: knownStatus(status),
  charges: [],
  refundId: null,
  failedRefundIds: [],
  disputes: [],
});

/** The charge that a capture took or a cancellation let go: a card may have been confirmed since Stripe was looked at. */
const withLatestCharge = { expand: ['latest_charge'] };

const withCharge = (intent: Stripe.PaymentIntent): Intent => ({
  ...withoutCharges(intent),
  charges: intent.latest_charge && typeof intent.latest_charge !== 'string' ? [seenCharge(intent.latest_charge)] : [],
});

/** https://docs.stripe.com/api/refunds/object#refund_object-status */
const hasFailed = (status: string | null): boolean => status === 'failed' || status === 'canceled';

/**
 * An inquiry (`warning_…`) and what was prevented move no money, and are none of ours.
 * https://docs.stripe.com/api/disputes/object#dispute_object-status
 */
export const disputeStatusOf = (status: string): DisputeStatus | undefined => {
  if (status.startsWith('warning') || status === 'prevented') return undefined;
  return status === 'won' || status === 'lost' ? status : 'open';
};

const seenDispute = ({ id, amount, status }: Stripe.Dispute): Dispute[] => {
  const known = disputeStatusOf(status);
  return known ? [{ stripeId: id, amount, status: known }] : [];
};

/** @throws Error for a status that this version does not know: guessing could capture or void by mistake */
function knownStatus(status: string): IntentStatus {
  const known = intentStatuses.find((candidate) => candidate === status);
  if (!known) throw new Error(`Stripe says that a PaymentIntent is "${status}", which this version does not know`);
  return known;
}

const seenCharge = ({ id, status, outcome, failure_code: failureCode }: Stripe.Charge): SeenCharge => ({
  stripeId: id,
  declined: status === 'failed',
  reason: status === 'failed' ? (outcome?.reason ?? failureCode ?? null) : null,
});

function intentIdOf({ _id, intentId }: Payment): string {
  if (intentId === null) throw new Error(`payment ${_id} has no PaymentIntent`);
  return intentId;
}

function secretOf({ id, client_secret: secret }: Stripe.PaymentIntent): string {
  if (secret === null) throw new Error(`Stripe gave no client secret for ${id}: is this a restricted key?`);
  return secret;
}

/**
 * Of another account, or of test data that were thrown away: no card can be charged by it with the key we have.
 * Where a card was at it, or a capture or a cancellation is under way, that is no final word: with the key of another
 * account deployed, every capture in flight would end as voided, and its ticket be sold again.
 * @throws StripeUnknownIntent then
 */
function goneIntent(payment: Payment, cause: unknown): Intent {
  const id = intentIdOf(payment);
  const { _id, state, charges } = payment;
  if (state === 'capturing' || state === 'closing' || charges.some(({ stripeId }) => stripeId !== null)) {
    const why = `Stripe does not know ${id} of the ${state} payment ${_id}: is this the key of another account?`;
    throw new StripeUnknownIntent(why, { cause });
  }
  return { id, status: 'canceled', charges: [], refundId: null, failedRefundIds: [], disputes: [] };
}

const isUnknownIntent = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';

/** With this code Stripe tells the PaymentIntent as it stands: https://docs.stripe.com/api/errors */
const isCancelledAlready = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError &&
  error.code === 'payment_intent_unexpected_state' &&
  error.payment_intent?.status === 'canceled';

/** Where the SDK finds Stripe, or who plays it. */
export function stripeAddressOf(apiUrl: string | undefined): Stripe.StripeConfig {
  if (!apiUrl) return {};
  const { protocol, hostname, port } = new URL(apiUrl);
  const isPlain = protocol === 'http:';
  return { protocol: isPlain ? 'http' : 'https', host: hostname, port: port || (isPlain ? 80 : 443) };
}
