import { cardError, type StripeErrorBody } from '../http/stripe-error';
import type { Decline } from './cards';
import type { Confirmation, PresentedCard } from './confirm-intent';
import type { Charge, ChargedCard, Circumstances, PaymentIntent } from './objects';

/** Stripe's limit for a card authorisation online. */
export const authorizationSeconds = 7 * 24 * 60 * 60;

type Authentication = 'authenticated' | null;

/** Asks the simulated bank. Each answer is a charge of its own, a refused one too. */
export function authorizeCard(
  intent: PaymentIntent,
  card: PresentedCard,
  authentication: Authentication,
  circumstances: Circumstances,
): Confirmation {
  const { decline } = card.testCard;
  if (decline) return declined(intent, card, decline, authentication, circumstances);

  const manual = intent.capture_method === 'manual';
  const charge = newCharge(intent, card, authentication, circumstances, {
    amount_captured: manual ? 0 : intent.amount,
    balance_transaction: manual ? null : circumstances.newId('txn'),
    captured: !manual,
    paid: true,
    status: 'succeeded',
  });
  const paid: PaymentIntent = {
    ...intent,
    amount_capturable: manual ? intent.amount : 0,
    amount_received: manual ? 0 : intent.amount,
    latest_charge: charge.id,
    next_action: null,
    status: manual ? 'requires_capture' : 'succeeded',
  };
  const outcome = manual ? 'payment_intent.amount_capturable_updated' : 'payment_intent.succeeded';
  return {
    intent: paid,
    charge,
    announce: [
      { type: 'charge.succeeded', object: charge },
      { type: outcome, object: paid },
    ],
  };
}

function declined(
  intent: PaymentIntent,
  card: PresentedCard,
  decline: Decline,
  authentication: Authentication,
  circumstances: Circumstances,
): Confirmation {
  const charge = newCharge(intent, card, authentication, circumstances, {
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: declinedOutcome(decline),
    paid: false,
    status: 'failed',
  });
  const refusal = cardError(decline.code, decline.message, {
    charge: charge.id,
    decline_code: decline.declineCode,
    payment_method: card.method,
    ...paramOf(decline),
  });
  const failed: PaymentIntent = {
    ...intent,
    last_payment_error: lastPaymentError(refusal.body),
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  return {
    intent: failed,
    charge,
    refusal,
    announce: [
      { type: 'charge.failed', object: charge },
      { type: 'payment_intent.payment_failed', object: failed },
    ],
  };
}

const lastPaymentError = (body: StripeErrorBody): StripeErrorBody => ({ ...body, payment_method_type: 'card' });

const paramOf = (decline: Decline): { param?: string } => {
  if (decline.code === 'incorrect_cvc') return { param: 'cvc' };
  if (decline.code === 'expired_card') return { param: 'exp_month' };
  return {};
};

function newCharge(
  intent: PaymentIntent,
  card: PresentedCard,
  authentication: Authentication,
  { newId, nowSeconds }: Circumstances,
  result: Partial<Charge> & Pick<Charge, 'paid' | 'status'>,
): Charge {
  return {
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: card.method.billing_details,
    calculated_statement_descriptor: intent.statement_descriptor ?? 'TEST PAYMENTS',
    captured: false,
    created: nowSeconds,
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: approvedOutcome,
    payment_intent: intent.id,
    payment_method: card.method.id,
    payment_method_details: { card: chargedCard(intent, card, authentication, nowSeconds), type: 'card' },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    transfer_data: null,
    transfer_group: intent.transfer_group,
    ...result,
  };
}

const chargedCard = (
  intent: PaymentIntent,
  { method: { card }, testCard }: PresentedCard,
  authentication: Authentication,
  nowSeconds: number,
): ChargedCard => ({
  amount_authorized: testCard.decline ? null : intent.amount,
  authorization_code: testCard.decline ? null : '123456',
  brand: card.brand,
  ...(intent.capture_method === 'manual' && !testCard.decline
    ? { capture_before: nowSeconds + authorizationSeconds }
    : {}),
  checks: { ...card.checks, cvc_check: testCard.decline?.code === 'incorrect_cvc' ? 'fail' : card.checks.cvc_check },
  country: card.country,
  electronic_commerce_indicator: null,
  exp_month: card.exp_month,
  exp_year: card.exp_year,
  extended_authorization: { status: 'disabled' },
  fingerprint: card.fingerprint,
  funding: card.funding,
  incremental_authorization: { status: 'unavailable' },
  installments: null,
  last4: card.last4,
  mandate: null,
  multicapture: { status: 'unavailable' },
  network: card.brand,
  network_token: { used: false },
  network_transaction_id: null,
  overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
  regulated_status: null,
  three_d_secure: authentication
    ? { authentication_flow: 'challenge', result: authentication, result_reason: null, version: '2.2.0' }
    : null,
  transaction_link_id: null,
  wallet: null,
});

const approvedOutcome: Charge['outcome'] = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  risk_score: 20,
  seller_message: 'Payment complete.',
  type: 'authorized',
};

const declinedOutcome = (decline: Decline): Charge['outcome'] => ({
  ...approvedOutcome,
  network_decline_code: '01',
  network_status: 'declined_by_network',
  reason: decline.declineCode,
  seller_message: 'The bank did not return any further details with this decline.',
  type: 'issuer_declined',
});
