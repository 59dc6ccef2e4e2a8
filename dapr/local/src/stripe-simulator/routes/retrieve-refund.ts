import { present } from './present';
import { route } from './route';

export const retrieveRefund = route({
  operation: 'refunds.retrieve',
  method: 'GET',
  path: '/v1/refunds/:id',
  read: () => null,
  run: (_nothing, call) => present(call.account.refund(call.id), call),
});
