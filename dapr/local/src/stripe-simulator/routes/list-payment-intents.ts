import { presentList } from './present';
import { pageOf, readList } from './read-list';
import { route } from './route';

export const listPaymentIntents = route({
  operation: 'payment_intents.list',
  method: 'GET',
  path: '/v1/payment_intents',
  read: readList,
  run: (request, call) => {
    const { page, hasMore } = pageOf(call.account.intents(), request);
    return presentList(page, hasMore, '/v1/payment_intents', call);
  },
});
