import type { Account } from '../account';
import { invalidRequest } from '../http/stripe-error';
import type { Charge } from '../payments/objects';
import { failRefund, refundCharge } from '../payments/refund-charge';
import { present } from './present';
import { route } from './route';

export const createRefund = route({
  operation: 'refunds.create',
  method: 'POST',
  path: '/v1/refunds',
  read: (params) => {
    const intentId = params.text('payment_intent');
    const chargeId = params.text('charge');
    if (!intentId && !chargeId) {
      throw invalidRequest(
        'One of the following params should be provided for this request: payment_intent or charge.',
      );
    }
    if (intentId && chargeId) {
      throw invalidRequest('You may only specify one of these parameters: charge, payment_intent.');
    }
    return {
      intentId,
      chargeId,
      refund: {
        amount: params.integer('amount'),
        reason: params.oneOf('reason', ['duplicate', 'fraudulent', 'requested_by_customer']) ?? null,
        metadata: params.metadata() ?? {},
      },
    };
  },
  run: ({ intentId, chargeId, refund }, call) => {
    const charge = intentId ? chargeOfIntent(intentId, call.account) : call.account.charge(chargeId ?? '', 'charge');
    if (call.account.disputes({ chargeId: charge.id }).some(({ status }) => status !== 'won')) {
      throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
        code: 'charge_disputed',
      });
    }
    const change = refundCharge(charge, refund, call.account.circumstances());
    call.account.apply(change, call.cause);
    const { testCard } = call.account.card(charge.payment_method);
    if (testCard.refundsFail) call.account.apply(failRefund(change.charge, change.refund), call.cause);
    return present(change.refund, call);
  },
});

function chargeOfIntent(intentId: string, account: Account): Charge {
  const charge = account.latestChargeOf(account.intent(intentId, 'payment_intent'));
  if (charge?.captured) return charge;
  throw invalidRequest(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`, {
    code: 'payment_intent_unexpected_state',
    param: 'payment_intent',
  });
}
