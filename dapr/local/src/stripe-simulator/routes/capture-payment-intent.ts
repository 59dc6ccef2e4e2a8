import { captureIntent } from '../payments/capture-intent';
import { openDispute } from '../payments/dispute-charge';
import { present } from './present';
import { refusedAbout } from './refused-about';
import { route } from './route';

export const capturePaymentIntent = route({
  operation: 'payment_intents.capture',
  method: 'POST',
  path: '/v1/payment_intents/:id/capture',
  read: (params) => params.integer('amount_to_capture'),
  run: (amountToCapture, call) => {
    const intent = call.account.intent(call.id);
    const change = refusedAbout(intent, call, () =>
      captureIntent(intent, call.account.latestChargeOf(intent), amountToCapture, call.account.circumstances()),
    );
    call.account.apply(change, call.cause);
    const { charge } = change;
    if (charge && call.account.card(charge.payment_method).testCard.disputes)
      call.account.apply(openDispute(charge, call.account.circumstances()), call.cause);
    return present(change.intent, call);
  },
});
