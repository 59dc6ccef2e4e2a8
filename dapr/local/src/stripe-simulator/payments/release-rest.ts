import type { Change, Charge, Circumstances, Refund } from './objects';

/** What was authorised and is not taken goes back to the card: Stripe tells that as a refund of the charge. */
export function releaseRest(
  charge: Charge,
  amount: number,
  { newId, nowSeconds }: Circumstances,
): Change & { charge: Charge; refund: Refund } {
  const released: Charge = {
    ...charge,
    amount_refunded: charge.amount_refunded + amount,
    refunded: charge.amount_refunded + amount === charge.amount,
  };
  const refund: Refund = {
    id: newId('re'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: nowSeconds,
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: { card: { type: 'reversal' }, type: 'card' },
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  };
  return {
    charge: released,
    refund,
    announce: [
      { type: 'refund.created', object: refund },
      { type: 'charge.refunded', object: released },
    ],
  };
}
