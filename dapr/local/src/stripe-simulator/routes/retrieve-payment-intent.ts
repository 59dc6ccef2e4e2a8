import { findIntent } from './find-intent';
import { present } from './present';
import { route } from './route';

export const retrievePaymentIntent = route({
  operation: 'payment_intents.retrieve',
  method: 'GET',
  path: '/v1/payment_intents/:id',
  publishable: true,
  read: (params) => params.text('is_stripe_sdk'),
  run: (_sentByStripeJs, call) => present(findIntent(call), call),
});
