import { createHash } from 'node:crypto';
import { testCardOf } from './cards';
import type { CardDetails } from './check-card';
import type { BillingDetails, Circumstances, PaymentMethod } from './objects';

/** A payment method for a card that passed `checkCard`. The number itself stays out of it, as at Stripe. */
export function newPaymentMethod(
  card: CardDetails,
  billing: Partial<BillingDetails>,
  { newId, nowSeconds }: Circumstances,
): PaymentMethod {
  const { brand, funding } = testCardOf(card.number);
  return {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { ...noBillingDetails, ...billing },
    card: {
      brand,
      checks: {
        address_line1_check: null,
        address_postal_code_check: billing.address?.postal_code ? 'pass' : null,
        cvc_check: card.cvc === undefined ? null : 'pass',
      },
      country: 'US',
      display_brand: brand,
      exp_month: card.expMonth,
      exp_year: card.expYear < 100 ? 2000 + card.expYear : card.expYear,
      fingerprint: createHash('sha256').update(card.number).digest('base64url').slice(0, 16),
      funding,
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [brand], preferred: null },
      regulated_status: null,
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: nowSeconds,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
}

export const noAddress: BillingDetails['address'] = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};

const noBillingDetails: BillingDetails = { address: noAddress, email: null, name: null, phone: null, tax_id: null };
