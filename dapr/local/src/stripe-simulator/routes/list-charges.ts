import { presentList } from './present';
import { pageOf, readList } from './read-list';
import { route } from './route';

export const listCharges = route({
  operation: 'charges.list',
  method: 'GET',
  path: '/v1/charges',
  read: (params) => ({ request: readList(params), intentId: params.text('payment_intent') }),
  run: ({ request, intentId }, call) => {
    const { page, hasMore } = pageOf(call.account.charges(intentId), request);
    return presentList(page, hasMore, '/v1/charges', call);
  },
});
