import type { Account } from '../account';
import type { Params } from '../http/params';
import { cardError, invalidRequest } from '../http/stripe-error';
import type { CardDetails } from '../payments/check-card';
import type { PresentedCard } from '../payments/confirm-intent';
import type { BillingDetails } from '../payments/objects';
import { noAddress } from '../payments/payment-method';

/** A card in a request: the id of a payment method, or the card itself. Null when there is none. */
export type CardInRequest = { id: string } | { details: CardDetails; billing: Partial<BillingDetails> } | null;

export function readCard(params: Params): CardInRequest {
  const id = params.text('payment_method');
  const inline = params.inside('payment_method_data');
  if (inline) return readPaymentMethodData(inline);
  return id ? { id } : null;
}

/** `type=card&card[number]=…&billing_details[…]=…`, as in POST /v1/payment_methods. */
export function readPaymentMethodData(params: Params): Exclude<CardInRequest, { id: string } | null> {
  if (params.requiredText('type') !== 'card') {
    throw invalidRequest('The simulator takes cards only.', { param: 'type' });
  }
  const billing = readBilling(params.inside('billing_details'));
  const card = params.inside('card');
  if (!card) throw invalidRequest('Missing required param: card.', { code: 'parameter_missing', param: 'card' });
  for (const field of trackedByStripeJs) params.text(field);
  params.refuseUnknown();
  const details = {
    number: card.requiredText('number', 40).replaceAll(/[ -]/g, ''),
    expMonth: readDatePart(card, 'exp_month', 'month'),
    expYear: readDatePart(card, 'exp_year', 'year'),
    cvc: card.text('cvc', 10),
  };
  card.refuseUnknown();
  return { details, billing };
}

export function takeCard(card: Exclude<CardInRequest, null>, account: Account): PresentedCard {
  return 'id' in card ? account.card(card.id) : account.addCard(card.details, card.billing);
}

/** Stripe.js sends these along. */
const trackedByStripeJs = ['guid', 'muid', 'sid', 'pasted_fields', 'payment_user_agent', 'referrer', 'time_on_page'];

function readDatePart(card: Params, field: string, name: string): number {
  const text = card.requiredText(field, 10);
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw cardError(`invalid_expiry_${name}`, `Your card's expiration ${name} is invalid.`, { param: field });
}

function readBilling(params: Params | undefined): Partial<BillingDetails> {
  if (!params) return {};
  const address = params.inside('address');
  const billing: Partial<BillingDetails> = {
    email: params.text('email') || null,
    name: params.text('name') || null,
    phone: params.text('phone') || null,
  };
  params.refuseUnknown();
  if (!address) return billing;
  const fields = Object.keys(noAddress) as (keyof BillingDetails['address'])[];
  const given = Object.fromEntries(fields.map((field) => [field, address.text(field) || null]));
  address.refuseUnknown();
  return { ...billing, address: { ...noAddress, ...given } };
}
