import { present } from './present';
import { route } from './route';

export const retrieveCharge = route({
  operation: 'charges.retrieve',
  method: 'GET',
  path: '/v1/charges/:id',
  read: () => null,
  run: (_nothing, call) => present(call.account.charge(call.id), call),
});
