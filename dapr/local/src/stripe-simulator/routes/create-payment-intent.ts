import type { Params } from '../http/params';
import { invalidRequest } from '../http/stripe-error';
import { newClientSecret } from '../ids';
import { createIntent } from '../payments/create-intent';
import { confirm, readReturnUrl } from './confirm-payment-intent';
import { present } from './present';
import { checkAmount, checkCurrency } from './read-amount';
import { readCard, takeCard } from './read-card';
import { route } from './route';

export const createPaymentIntent = route({
  operation: 'payment_intents.create',
  method: 'POST',
  path: '/v1/payment_intents',
  read: (params) => {
    const amount = params.requiredInteger('amount');
    const currency = checkCurrency(params.requiredText('currency', 3));
    return {
      wanted: {
        amount: checkAmount(amount, currency),
        currency,
        captureMethod: params.oneOf('capture_method', ['automatic', 'automatic_async', 'manual']) ?? 'automatic_async',
        confirmationMethod: params.oneOf('confirmation_method', ['automatic', 'manual']) ?? 'automatic',
        ...readTypes(params),
        metadata: params.metadata() ?? {},
        description: params.text('description', 1000) ?? null,
        receiptEmail: params.text('receipt_email', 800) ?? null,
        statementDescriptor: params.text('statement_descriptor', 22) ?? null,
        statementDescriptorSuffix: params.text('statement_descriptor_suffix', 22) ?? null,
        transferGroup: params.text('transfer_group') ?? null,
        requestThreeDSecure: readThreeDSecure(params),
      },
      card: readCard(params),
      confirmAtOnce: params.flag('confirm') ?? false,
      returnUrl: readReturnUrl(params),
    };
  },
  run: ({ wanted, card, confirmAtOnce, returnUrl }, call) => {
    const presented = card && takeCard(card, call.account);
    const paymentMethod = presented?.method.id ?? null;
    const created = createIntent({ ...wanted, paymentMethod }, newClientSecret, call.account.circumstances());
    call.account.apply(created, call.cause);
    return present(confirmAtOnce ? confirm(created.intent, null, returnUrl, call) : created.intent, call);
  },
});

function readTypes(params: Params) {
  const allowed = params.texts('allowed_payment_method_types');
  // Stripe took the older name away with version 2026-09-30.
  const types = params.isFromBefore('2026-09-30') ? (params.texts('payment_method_types') ?? allowed) : allowed;
  const automatic = params.inside('automatic_payment_methods');
  const enabled = automatic?.flag('enabled') ?? false;
  const allowRedirects = automatic?.oneOf('allow_redirects', ['always', 'never']) ?? 'always';
  automatic?.refuseUnknown();
  if (types && enabled) {
    throw invalidRequest(
      'You may only specify one of these parameters: automatic_payment_methods, payment_method_types.',
    );
  }
  const other = types?.find((type) => type !== 'card');
  if (other !== undefined) {
    throw invalidRequest(`The simulator takes cards only, not ${other.slice(0, 40)}.`, {
      code: 'payment_intent_invalid_parameter',
      param: allowed ? 'allowed_payment_method_types' : 'payment_method_types',
    });
  }
  return {
    allowedPaymentMethodTypes: allowed ?? null,
    paymentMethodTypes: ['card'],
    automaticPaymentMethods: types ? null : { allow_redirects: allowRedirects, enabled: true },
  };
}

function readThreeDSecure(params: Params): string {
  const options = params.inside('payment_method_options');
  const card = options?.inside('card');
  const request = card?.oneOf('request_three_d_secure', ['any', 'automatic', 'challenge']);
  card?.refuseUnknown();
  options?.refuseUnknown();
  return request ?? 'automatic';
}
