import type { IntentUpdate } from '../payments/update-intent';
import { updateIntent } from '../payments/update-intent';
import { present } from './present';
import { checkAmount, checkCurrency } from './read-amount';
import { readCard, takeCard } from './read-card';
import { route } from './route';

export const updatePaymentIntent = route({
  operation: 'payment_intents.update',
  method: 'POST',
  path: '/v1/payment_intents/:id',
  read: (params) => {
    const currency = params.text('currency', 3);
    const amount = params.integer('amount');
    const description = params.text('description', 1000);
    const receiptEmail = params.text('receipt_email', 800);
    const metadata = params.metadata();
    const update: IntentUpdate = {
      ...(amount === undefined ? {} : { amount: checkAmount(amount, currency ?? '') }),
      ...(currency === undefined ? {} : { currency: checkCurrency(currency) }),
      ...(description === undefined ? {} : { description }),
      ...(receiptEmail === undefined ? {} : { receipt_email: receiptEmail }),
      ...(metadata === undefined ? {} : { metadata }),
    };
    return { update, card: readCard(params) };
  },
  run: ({ update, card }, call) => {
    const intent = call.account.intent(call.id);
    const method = card && takeCard(card, call.account).method;
    const change = updateIntent(intent, method ? { ...update, payment_method: method.id } : update);
    call.account.apply(change, call.cause);
    return present(change.intent, call);
  },
});
