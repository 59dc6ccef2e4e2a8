import { presentList } from './present';
import { pageOf, readList } from './read-list';
import { route } from './route';

export const listRefunds = route({
  operation: 'refunds.list',
  method: 'GET',
  path: '/v1/refunds',
  read: (params) => ({
    request: readList(params),
    filter: { intentId: params.text('payment_intent'), chargeId: params.text('charge') },
  }),
  run: ({ request, filter }, call) => {
    const { page, hasMore } = pageOf(call.account.refunds(filter), request);
    return presentList(page, hasMore, '/v1/refunds', call);
  },
});
