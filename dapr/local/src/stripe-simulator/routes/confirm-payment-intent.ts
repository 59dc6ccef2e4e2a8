import type { Params } from '../http/params';
import { invalidRequest } from '../http/stripe-error';
import { type Confirmation, confirmIntent } from '../payments/confirm-intent';
import type { NextAction, PaymentIntent } from '../payments/objects';
import { findIntent } from './find-intent';
import { present } from './present';
import { type CardInRequest, readCard, takeCard } from './read-card';
import { refusedAbout } from './refused-about';
import { type Call, route } from './route';

export const confirmPaymentIntent = route({
  operation: 'payment_intents.confirm',
  method: 'POST',
  path: '/v1/payment_intents/:id/confirm',
  publishable: true,
  read: (params) => {
    const card = readCard(params);
    for (const field of ['receipt_email', 'expected_payment_method_type']) params.text(field);
    return { card, returnUrl: readReturnUrl(params) };
  },
  run: ({ card, returnUrl }, call) => {
    const intent = findIntent(call);
    const isWaiting = intent.status === 'requires_action' && !card;
    return present(isWaiting ? intent : confirm(intent, card, returnUrl, call), call);
  },
});

/** Stripe.js asks on the page itself and needs no way back. */
export function readReturnUrl(params: Params): string | undefined {
  const returnUrl = params.text('return_url');
  const asksOnPage = params.flag('use_stripe_sdk') ?? false;
  if (returnUrl !== undefined && !(URL.canParse(returnUrl) && /^https?:$/.test(new URL(returnUrl).protocol))) {
    throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: 'return_url' });
  }
  return asksOnPage ? undefined : returnUrl;
}

/** Also what creating with `confirm=true` does. Throws the card error when the bank refuses. */
export function confirm(
  intent: PaymentIntent,
  card: CardInRequest,
  returnUrl: string | undefined,
  call: Call,
): PaymentIntent {
  const chosen = card ?? (intent.payment_method ? { id: intent.payment_method } : null);
  const presented = chosen && takeCard(chosen, call.account);
  const confirmation = refusedAbout(intent, call, () =>
    confirmIntent(intent, presented, (asked) => nextAction(asked, returnUrl, call), call.account.circumstances()),
  );
  return keepConfirmation(confirmation, call);
}

/** What the bank refused is kept as much as what it allowed, and answered as the error that it is. */
export function keepConfirmation({ refusal, ...change }: Confirmation, call: Call): PaymentIntent {
  call.account.apply(change, call.cause);
  if (refusal) throw refusal.about(shown(change.intent, call));
  return change.intent;
}

const shown = (intent: PaymentIntent, call: Call): object => present(intent, { ...call, expand: [] });

function nextAction(intent: PaymentIntent, returnUrl: string | undefined, { origin }: Call): NextAction {
  const url = `${origin}/authenticate/${intent.id}?client_secret=${intent.client_secret}`;
  if (returnUrl) return { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } };
  return {
    type: 'use_stripe_sdk',
    use_stripe_sdk: { type: 'three_d_secure_redirect', source: intent.id, stripe_js: url },
  };
}
