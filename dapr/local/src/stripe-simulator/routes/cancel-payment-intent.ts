import { cancelIntent } from '../payments/cancel-intent';
import type { CancellationReason } from '../payments/objects';
import { present } from './present';
import { refusedAbout } from './refused-about';
import { route } from './route';

export const cancelPaymentIntent = route({
  operation: 'payment_intents.cancel',
  method: 'POST',
  path: '/v1/payment_intents/:id/cancel',
  read: (params): CancellationReason | null =>
    params.oneOf('cancellation_reason', ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']) ?? null,
  run: (reason, call) => {
    const intent = call.account.intent(call.id);
    const change = refusedAbout(intent, call, () =>
      cancelIntent(intent, call.account.latestChargeOf(intent), reason, call.account.circumstances()),
    );
    call.account.apply(change, call.cause);
    return present(change.intent, call);
  },
});
