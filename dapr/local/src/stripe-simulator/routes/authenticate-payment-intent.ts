import { type AuthenticationOutcome, authenticateIntent } from '../payments/authenticate-intent';
import { keepConfirmation } from './confirm-payment-intent';
import { findIntent } from './find-intent';
import { present } from './present';
import { refusedAbout } from './refused-about';
import { route } from './route';

/** Not Stripe's: what its 3-D Secure page does when the buyer answers. `outcome` is `approve` or `fail`. */
export const authenticatePaymentIntent = route({
  operation: 'payment_intents.authenticate',
  method: 'POST',
  path: '/v1/payment_intents/:id/authenticate',
  publishable: true,
  read: (params): AuthenticationOutcome => params.oneOf('outcome', ['approve', 'fail']) ?? 'approve',
  run: (outcome, call) => {
    const { account } = call;
    const intent = findIntent(call);
    const card = intent.payment_method ? account.card(intent.payment_method) : null;
    const confirmation = refusedAbout(intent, call, () =>
      authenticateIntent(intent, card, outcome, account.circumstances()),
    );
    return present(keepConfirmation(confirmation, call), call);
  },
});
