import { unexpectedState } from '../http/stripe-error';
import type { Change, PaymentIntent } from './objects';

export type IntentUpdate = Partial<
  Pick<PaymentIntent, 'amount' | 'currency' | 'description' | 'receipt_email' | 'payment_method' | 'metadata'>
>;

const open = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

/** Money and card change only while nothing is authorised; words may change at any time. */
export function updateIntent(intent: PaymentIntent, update: IntentUpdate): Change & { intent: PaymentIntent } {
  for (const field of ['amount', 'currency', 'payment_method'] as const) {
    if (update[field] === undefined || open.includes(intent.status)) continue;
    throw unexpectedState(
      `This PaymentIntent's ${field} could not be updated because it has a status of ${intent.status}. You may only update the ${field} of a PaymentIntent with one of the following statuses: ${open.join(', ')}.`,
    );
  }
  const updated: PaymentIntent = { ...intent, ...update, metadata: merged(intent.metadata, update.metadata) };
  if (update.payment_method && intent.status === 'requires_payment_method') updated.status = 'requires_confirmation';
  return { intent: updated, announce: [] };
}

const merged = (metadata: Record<string, string>, update: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...metadata, ...update }).filter(([, value]) => value !== ''));
