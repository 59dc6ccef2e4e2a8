/** Buyers who told their bank that a charge was not theirs. */
import { acceptDispute, answerDispute } from '../payments/dispute-charge';
import { present, presentList } from './present';
import { pageOf, readList } from './read-list';
import { route } from './route';

export const listDisputes = route({
  operation: 'disputes.list',
  method: 'GET',
  path: '/v1/disputes',
  read: (params) => ({
    request: readList(params),
    filter: { intentId: params.text('payment_intent'), chargeId: params.text('charge') },
  }),
  run: ({ request, filter }, call) => {
    const { page, hasMore } = pageOf(call.account.disputes(filter), request);
    return presentList(page, hasMore, '/v1/disputes', call);
  },
});

export const retrieveDispute = route({
  operation: 'disputes.retrieve',
  method: 'GET',
  path: '/v1/disputes/:id',
  read: () => null,
  run: (_nothing, call) => present(call.account.dispute(call.id), call),
});

export const updateDispute = route({
  operation: 'disputes.update',
  method: 'POST',
  path: '/v1/disputes/:id',
  read: (params) => {
    const evidence = params.inside('evidence');
    const text = evidence?.text('uncategorized_text', 20_000) ?? '';
    evidence?.refuseUnknown();
    return text;
  },
  run: (text, call) => {
    const change = answerDispute(call.account.dispute(call.id), text);
    call.account.apply(change, call.cause);
    return present(change.dispute, call);
  },
});

export const closeDispute = route({
  operation: 'disputes.close',
  method: 'POST',
  path: '/v1/disputes/:id/close',
  read: () => null,
  run: (_nothing, call) => {
    const change = acceptDispute(call.account.dispute(call.id));
    call.account.apply(change, call.cause);
    return present(change.dispute, call);
  },
});
