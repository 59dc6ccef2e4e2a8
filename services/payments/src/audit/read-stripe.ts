// Stripe's side of the books: all PaymentIntents that name an order, with their charges and refunds, page by page.
import { isId } from '@ticketing/common';
import Stripe from 'stripe';
import { disputeStatusOf, stripeAddressOf } from '../stripe/stripe-payments';
import type { StripeCharge, StripeDispute, StripeIntent, StripeRefund } from './books';

export interface StripeBooks {
  /** Everything, by order. @param tell how many of what have been read */
  readAll(tell: (what: string, count: number) => void): Promise<Map<string, StripeIntent[]>>;
  /** Some of them, as they are now; one that Stripe does not know is left out. */
  readAgain(intentIds: readonly string[]): Promise<StripeIntent[]>;
  /**
   * All PaymentIntents that name the order, whoever made them.
   * @param made when one could be made; without it all are gone through
   */
  intentIdsOf(orderId: string, made: Span | undefined, tell: (count: number) => void): Promise<string[]>;
}

const pageSize = 100;

export interface Span {
  from: Date;
  to: Date;
}

/** Patient: an audit has all its time, and lists may be asked for as often as one likes. */
export const connectStripeBooks = (secretKey: string, apiUrl: string | undefined): StripeBooks =>
  stripeBooks(
    new Stripe(secretKey, { ...stripeAddressOf(apiUrl), maxNetworkRetries: 5, timeout: 20_000, telemetry: false }),
  );

/** @throws Stripe's errors, from each call, once its own retries are used up */
export function stripeBooks(stripe: Stripe): StripeBooks {
  return {
    async readAll(tell) {
      const byOrder = new Map<string, StripeIntent[]>();
      const byIntent = new Map<string, StripeIntent>();
      const byCharge = new Map<string, StripeCharge>();
      const all = { limit: pageSize };
      await each('PaymentIntents', stripe.paymentIntents.list(all), tell, (intent) => {
        const { orderId } = intent.metadata;
        // Of another shop of the same account.
        if (!isId(orderId)) return;
        const booked = bookedIntent(intent, orderId);
        byIntent.set(intent.id, booked);
        byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), booked]);
      });
      await each('charges', stripe.charges.list(all), tell, (charge) => {
        const intent = byIntent.get(idOf(charge.payment_intent));
        if (!intent) return;
        const booked = bookedCharge(charge);
        intent.charges.push(booked);
        byCharge.set(charge.id, booked);
      });
      await each('refunds', stripe.refunds.list(all), tell, (refund) => {
        byCharge.get(idOf(refund.charge))?.refunds.push(bookedRefund(refund));
      });
      await each('disputes', stripe.disputes.list(all), tell, (dispute) => {
        byCharge.get(idOf(dispute.charge))?.disputes.push(...bookedDispute(dispute));
      });
      return byOrder;
    },

    async readAgain(intentIds) {
      const found: StripeIntent[] = [];
      for (const id of intentIds) {
        const intent = await unlessUnknown(stripe.paymentIntents.retrieve(id));
        if (!intent) continue;
        const booked = bookedIntent(intent, intent.metadata.orderId ?? '');
        for await (const charge of stripe.charges.list({ payment_intent: id, limit: pageSize })) {
          const own = bookedCharge(charge);
          for await (const refund of stripe.refunds.list({ charge: charge.id, limit: pageSize }))
            own.refunds.push(bookedRefund(refund));
          if (charge.disputed)
            for await (const dispute of stripe.disputes.list({ charge: charge.id, limit: pageSize }))
              own.disputes.push(...bookedDispute(dispute));
          booked.charges.push(own);
        }
        found.push(booked);
      }
      return found;
    },

    // Not by Stripe's search: it may be behind by minutes, and an audit must not miss what is new.
    async intentIdsOf(orderId, made, tell) {
      const ids: string[] = [];
      const created = made && { gte: secondsOf(made.from), lte: secondsOf(made.to) };
      const list = stripe.paymentIntents.list({ limit: pageSize, ...(created ? { created } : {}) });
      await each(
        'PaymentIntents',
        list,
        (_what, count) => tell(count),
        (intent) => {
          if (intent.metadata.orderId === orderId) ids.push(intent.id);
        },
      );
      return ids;
    },
  };
}

const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1000);

async function each<T>(
  what: string,
  items: AsyncIterable<T>,
  tell: (what: string, count: number) => void,
  take: (item: T) => void,
): Promise<void> {
  let count = 0;
  for await (const item of items) {
    take(item);
    tell(what, ++count);
  }
}

async function unlessUnknown<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing') return null;
    throw error;
  }
}

/** What of Stripe's objects is compared. */
export const bookedIntent = (
  { id, status, amount, currency }: Pick<Stripe.PaymentIntent, 'id' | 'status' | 'amount' | 'currency'>,
  orderId: string,
): StripeIntent => ({
  id,
  orderId,
  status,
  amount,
  currency,
  charges: [],
});

export const bookedCharge = ({
  id,
  status,
  amount,
  captured,
  amount_captured: amountCaptured,
}: Pick<Stripe.Charge, 'id' | 'status' | 'amount' | 'captured' | 'amount_captured'>): StripeCharge => ({
  id,
  approved: status === 'succeeded',
  amount,
  captured,
  amountCaptured,
  refunds: [],
  disputes: [],
});

export const bookedRefund = ({
  id,
  amount,
  status,
}: Pick<Stripe.Refund, 'id' | 'amount' | 'status'>): StripeRefund => ({
  id,
  amount,
  failed: status === 'failed' || status === 'canceled',
});

/** Nothing for an inquiry, which moves no money. */
const bookedDispute = ({ id, amount, status }: Stripe.Dispute): StripeDispute[] => {
  const known = disputeStatusOf(status);
  return known ? [{ id, amount, status: known }] : [];
};

const idOf = (reference: string | { id: string } | null): string =>
  typeof reference === 'string' ? reference : (reference?.id ?? '');
