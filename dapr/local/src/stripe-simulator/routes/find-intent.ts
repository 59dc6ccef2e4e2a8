import { invalidRequest } from '../http/stripe-error';
import type { PaymentIntent } from '../payments/objects';
import type { Call } from './route';

/** The intent in the path. A browser has to know its client secret. */
export function findIntent({ account, id, key, clientSecret }: Call): PaymentIntent {
  const intent = account.intent(id);
  if (key === 'publishable' && clientSecret === undefined) {
    throw invalidRequest('Missing required param: client_secret.', {
      code: 'parameter_missing',
      param: 'client_secret',
    });
  }
  if (clientSecret !== undefined && clientSecret !== intent.client_secret) {
    throw invalidRequest(
      'The client_secret provided does not match the client_secret associated with the PaymentIntent.',
      { code: 'payment_intent_invalid_parameter', param: 'client_secret' },
    );
  }
  return intent;
}
