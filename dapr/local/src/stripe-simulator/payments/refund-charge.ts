import { invalidRequest } from '../http/stripe-error';
import type { Change, Charge, Circumstances, Refund, RefundReason } from './objects';

export interface RefundRequest {
  amount: number | undefined;
  reason: RefundReason | null;
  metadata: Record<string, string>;
}

/** Gives captured money back, all that is left or `amount`; never more than was captured and is still there. */
export function refundCharge(
  charge: Charge,
  wanted: RefundRequest,
  { newId, nowSeconds }: Circumstances,
): Change & { charge: Charge; refund: Refund } {
  if (!charge.captured || charge.status !== 'succeeded') {
    throw invalidRequest(`Charge ${charge.id} has no captured payment to refund.`, { code: 'charge_not_refundable' });
  }
  const refundable = charge.amount - charge.amount_refunded;
  if (refundable === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  const amount = wanted.amount ?? refundable;
  refuseAmount(amount, charge, refundable);

  const refunded: Charge = {
    ...charge,
    amount_refunded: charge.amount_refunded + amount,
    refunded: refundable === amount,
  };
  const refund: Refund = {
    id: newId('re'),
    object: 'refund',
    amount,
    balance_transaction: newId('txn'),
    charge: charge.id,
    created: nowSeconds,
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: wanted.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: wanted.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  };
  return {
    charge: refunded,
    refund,
    announce: [
      { type: 'refund.created', object: refund },
      { type: 'charge.refunded', object: refunded },
      { type: 'refund.updated', object: refund },
    ],
  };
}

/** The bank could not take it: the money is with the account again. https://docs.stripe.com/refunds#failed-refunds */
export function failRefund(charge: Charge, refund: Refund): Change {
  const failed: Refund = { ...refund, status: 'failed', failure_reason: 'unknown' };
  return {
    charge: { ...charge, amount_refunded: charge.amount_refunded - refund.amount, refunded: false },
    refund: failed,
    announce: [
      { type: 'charge.refund.updated', object: failed },
      { type: 'refund.updated', object: failed },
      { type: 'refund.failed', object: failed },
    ],
  };
}

function refuseAmount(amount: number, charge: Charge, refundable: number): void {
  if (amount < 1) {
    throw invalidRequest('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  }
  if (amount > refundable) {
    const limit = charge.amount_refunded > 0 ? 'unrefunded amount on charge' : 'charge amount';
    throw invalidRequest(`Refund amount (${money(amount)}) is greater than ${limit} (${money(refundable)})`, {
      param: 'amount',
    });
  }
}

const money = (cents: number): string => `$${(cents / 100).toFixed(2)}`;
