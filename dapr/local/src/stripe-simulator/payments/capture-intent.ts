import { invalidRequest, unexpectedState } from '../http/stripe-error';
import type { Change, Charge, Circumstances, PaymentIntent } from './objects';
import { releaseRest } from './release-rest';

/**
 * Takes the money, all of it or `amountToCapture`; what is left of the authorisation is released. Throws
 * `payment_intent_unexpected_state` unless the intent waits for capture.
 */
export function captureIntent(
  intent: PaymentIntent,
  charge: Charge | undefined,
  amountToCapture: number | undefined,
  circumstances: Circumstances,
): Change & { intent: PaymentIntent } {
  if (intent.status === 'succeeded') {
    throw unexpectedState('This PaymentIntent could not be captured because it has already been captured.');
  }
  if (intent.status !== 'requires_capture' || !charge) {
    throw unexpectedState(
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
    );
  }
  const amount = amountToCapture ?? intent.amount_capturable;
  refuseAmount(amount, intent);

  const captured: Charge = {
    ...charge,
    amount_captured: amount,
    balance_transaction: circumstances.newId('txn'),
    captured: true,
  };
  const left = intent.amount_capturable - amount;
  const released = left > 0 ? releaseRest(captured, left, circumstances) : { charge: captured, announce: [] };
  const succeeded: PaymentIntent = { ...intent, amount_capturable: 0, amount_received: amount, status: 'succeeded' };
  return {
    ...released,
    intent: succeeded,
    announce: [
      { type: 'charge.captured', object: released.charge },
      ...released.announce,
      { type: 'payment_intent.succeeded', object: succeeded },
    ],
  };
}

function refuseAmount(amount: number, intent: PaymentIntent): void {
  if (amount < 1) {
    throw invalidRequest('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount_to_capture',
    });
  }
  if (amount > intent.amount_capturable) {
    throw invalidRequest(
      `The requested capture amount is greater than the amount you can capture for this charge: ${intent.amount_capturable}.`,
      { code: 'amount_too_large', param: 'amount_to_capture' },
    );
  }
}
