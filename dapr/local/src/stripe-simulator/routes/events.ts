/** What was announced, for those who missed a webhook. */
import { pageOf, readList } from './read-list';
import { route } from './route';

export const retrieveEvent = route({
  operation: 'events.retrieve',
  method: 'GET',
  path: '/v1/events/:id',
  read: () => null,
  run: (_nothing, call) => call.account.event(call.id),
});

export const listEvents = route({
  operation: 'events.list',
  method: 'GET',
  path: '/v1/events',
  read: (params) => {
    const type = params.text('type');
    const types = params.texts('types') ?? (type ? [type] : null);
    return { request: readList(params), types, deliverySuccess: params.flag('delivery_success') };
  },
  run: ({ request, types, deliverySuccess }, call) => {
    const events = call.account
      .events()
      .filter((event) => !types || types.some((wanted) => fits(wanted, event.type)))
      .filter((event) => deliverySuccess === undefined || deliverySuccess === (event.pending_webhooks === 0));
    const { page, hasMore } = pageOf(events, request);
    return { object: 'list', data: page, has_more: hasMore, url: '/v1/events' };
  },
});

const fits = (wanted: string, type: string): boolean =>
  wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type;
