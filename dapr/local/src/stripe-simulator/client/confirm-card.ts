/** What a buyer's browser does, for tests and demo data: no Stripe.js, only its calls. */
import { request } from 'undici';

export interface BrowserCall {
  url: string;
  publishableKey: string;
  clientSecret: string;
}

export interface ConfirmedIntent {
  id: string;
  status: string;
  next_action: unknown;
  last_payment_error: CardRefusal | null;
}

export interface CardRefusal {
  type: string;
  code?: string;
  decline_code?: string;
  message: string;
  charge?: string;
}

/** The intent as it is now, and the error when the card was refused. */
export interface ConfirmResult {
  paymentIntent?: ConfirmedIntent;
  error?: CardRefusal;
}

/** Pays with a card. `expMonth`, `expYear` and `cvc` are good ones unless given. */
export function confirmCard({
  cardNumber,
  expMonth = 12,
  expYear = new Date().getUTCFullYear() + 2,
  cvc = '123',
  returnUrl,
  ...call
}: BrowserCall & {
  cardNumber: string;
  expMonth?: number;
  expYear?: number;
  cvc?: string;
  returnUrl?: string;
}): Promise<ConfirmResult> {
  return post(call, 'confirm', {
    'payment_method_data[type]': 'card',
    'payment_method_data[card][number]': cardNumber,
    'payment_method_data[card][exp_month]': String(expMonth),
    'payment_method_data[card][exp_year]': String(expYear),
    'payment_method_data[card][cvc]': cvc,
    ...(returnUrl ? { return_url: returnUrl } : {}),
  });
}

/** Answers the bank's question for an intent that requires action. */
export function approveAuthentication({
  outcome = 'approve',
  ...call
}: BrowserCall & { outcome?: 'approve' | 'fail' }): Promise<ConfirmResult> {
  return post(call, 'authenticate', { outcome });
}

async function post(call: BrowserCall, action: string, parameters: Record<string, string>): Promise<ConfirmResult> {
  const intentId = call.clientSecret.split('_secret_')[0];
  const form = new URLSearchParams({ ...parameters, client_secret: call.clientSecret });
  const answer = await request(`${call.url}/v1/payment_intents/${intentId}/${action}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${call.publishableKey}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: form.toString(),
  });
  const body = (await answer.body.json()) as ConfirmedIntent & { error?: CardRefusal };
  return body.error ? { error: body.error } : { paymentIntent: body };
}
