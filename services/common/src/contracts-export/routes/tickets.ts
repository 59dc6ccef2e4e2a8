import {
  eTicketCheck,
  eTicketCheckBody,
  listingChange,
  sortOrders,
  ticketBody,
  ticketChangeBody,
  ticketPage,
  ticketResource,
} from '../../contracts';
import { eTicketChecked, eTicketCode, nextCursor, ticket } from '../examples';
import { type HttpRoute, idParameter, type Parameter, pageParameters, type RouteProblem } from '../http-route';

const noSuchTicket: RouteProblem = { status: 404, code: 'NotFound', detail: 'There is no such ticket.' };
const sellersRefusals: RouteProblem[] = [
  { status: 403, code: 'NotYours', detail: 'Only its seller can change this ticket.' },
  noSuchTicket,
  { status: 409, code: 'TicketSold', detail: 'This ticket is sold and cannot be changed any more.' },
  {
    status: 409,
    code: 'TicketHeld',
    detail: 'Somebody is buying this ticket. If they do not pay in time, you can change it again.',
  },
  {
    status: 412,
    code: 'TicketChanged',
    detail: 'The ticket was changed meanwhile. Load it again and repeat your change.',
  },
];
const eventTicket = { title: ticket.title, price: ticket.price, venue: ticket.venue, startsAt: ticket.startsAt };
const etag = { ETag: "The ticket's version, for If-Match" };
const ifMatch: Parameter = {
  name: 'If-Match',
  in: 'header',
  description:
    'The version you saw, or a list of some: a ticket that is at none of them is left as it is, and you are answered 412',
  schema: { type: 'string' },
  example: '"1"',
};
const price = (name: string, bound: string): Parameter => ({
  name,
  in: 'query',
  description: `${bound}, in cents`,
  schema: { type: 'integer', minimum: 0, maximum: 999_999_999 },
});

export const ticketRoutes: HttpRoute[] = [
  {
    method: 'get',
    path: '/api/tickets',
    service: 'tickets',
    operationId: 'listTickets',
    summary: 'Browse what is for sale',
    description: 'Held and sold tickets are not listed.',
    session: 'none',
    parameters: [
      {
        name: 'q',
        in: 'query',
        description:
          'Words of title and venue, each by its beginning; the first eight count. What has no words finds nothing',
        schema: { type: 'string', maxLength: 200 },
        example: 'ada eng',
      },
      price('minPrice', 'The lowest price'),
      price('maxPrice', 'The highest price'),
      {
        name: 'sort',
        in: 'query',
        description:
          'Newest first, cheapest first, dearest first, or soonest event first (`startsAt`: tickets without a date come ' +
          'last, those whose event has begun are left out)',
        schema: { type: 'string', enum: [...sortOrders], default: 'newest' },
      },
      ...pageParameters('tickets'),
    ],
    answers: [
      {
        status: 200,
        description: 'A page of tickets',
        schema: ticketPage,
        example: { items: [ticket], nextCursor },
      },
    ],
    problems: [{ status: 400, code: 'InvalidInput', detail: 'Some of the input is not valid.' }],
  },
  {
    method: 'get',
    path: '/api/tickets/mine',
    service: 'tickets',
    operationId: 'listOwnTickets',
    summary: 'What I have listed, sold ones included',
    session: 'required',
    parameters: pageParameters('tickets'),
    answers: [
      { status: 200, description: 'A page of tickets', schema: ticketPage, example: { items: [ticket], nextCursor } },
    ],
    problems: [{ status: 400, code: 'InvalidInput', detail: 'Some of the input is not valid.' }],
  },
  {
    method: 'get',
    path: '/api/tickets/stream',
    service: 'tickets',
    operationId: 'followListing',
    summary: 'Server-sent events of listing changes',
    description:
      'One event of type `listing` for each change; its data are a ListingChange as JSON. `listed`: for sale now, for ' +
      'the first time or again (its hold ended). `changed`: still for sale, edited. `removed`: held, sold, deleted or ' +
      'begun. ' +
      'So a client puts a `listed` or `changed` ticket in the place of the one it has with that id, or adds it, and ' +
      'takes a `removed` one away; changes may overtake each other, so it leaves those whose `version` is not higher ' +
      'than what it has. Events have no `id`: nothing is sent again. After a gap (a reconnect, a page that slept) load ' +
      'the first page of the listing again. A comment every 15 seconds keeps the connection open.',
    session: 'none',
    problems: [
      {
        status: 503,
        code: 'TooManyWatchers',
        detail: 'Many people watch the listing now. Load it again by hand for a while.',
        retryAfter: 15,
      },
    ],
    answers: [
      {
        status: 200,
        description: 'An event stream that lives until either side closes it',
        contentType: 'text/event-stream',
        schema: listingChange,
        example: `retry: 2000\n\nevent: listing\ndata: ${JSON.stringify({ change: 'listed', ticket })}\n\n`,
      },
    ],
  },
  {
    method: 'get',
    path: '/api/tickets/{id}',
    service: 'tickets',
    operationId: 'showTicket',
    summary: 'One ticket, also when it is held or sold',
    session: 'none',
    parameters: [idParameter('ticket')],
    answers: [{ status: 200, description: 'The ticket', schema: ticketResource, example: ticket, headers: etag }],
    problems: [noSuchTicket],
  },
  {
    method: 'post',
    path: '/api/tickets',
    service: 'tickets',
    operationId: 'createTicket',
    summary: 'List a ticket for sale',
    description: 'Title and price are enough; `venue` and `startsAt` tell buyers what the ticket is for.',
    session: 'required',
    body: { schema: ticketBody, example: eventTicket },
    answers: [
      {
        status: 201,
        description: 'The ticket',
        schema: ticketResource,
        example: ticket,
        headers: { Location: 'Where the ticket is' },
      },
    ],
  },
  {
    method: 'post',
    path: '/api/tickets/verify',
    service: 'tickets',
    operationId: 'verifyETicket',
    summary: 'At the door: is this e-ticket good? For the seller of its ticket',
    description:
      'An e-ticket is valid once: the answer that says so marks it used. With the same Idempotency-Key the same e-ticket ' +
      'is answered valid again, so that a program can repeat a request whose answer it did not get.',
    session: 'required',
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        description: 'A fresh one for each e-ticket that is shown at the door',
        schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' },
        example: '5f0d3c5e-8b9c-4a53-9f0e-2f6f3f1f8f57',
      },
    ],
    body: { schema: eTicketCheckBody, example: { code: eTicketCode } },
    answers: [{ status: 200, description: 'The verdict', schema: eTicketCheck, example: eTicketChecked }],
    problems: [
      { status: 404, code: 'NotFound', detail: 'You have sold no such ticket.' },
      { status: 429, code: 'TooManyRequests', detail: 'Too many attempts. Try again in 90 seconds.', retryAfter: 90 },
      {
        status: 503,
        code: 'RateLimitsUnavailable',
        detail: 'We cannot do this right now. Try again in a moment.',
        retryAfter: 2,
      },
    ],
  },
  {
    method: 'put',
    path: '/api/tickets/{id}',
    service: 'tickets',
    operationId: 'updateTicket',
    summary: 'Change an own ticket that is neither held nor sold',
    description:
      '`title` and `price` are replaced. `venue` and `startsAt` stay when they are left out, and null takes them away.',
    session: 'required',
    parameters: [idParameter('ticket'), ifMatch],
    body: { schema: ticketChangeBody, example: { ...eventTicket, price: 4900, version: 1 } },
    answers: [
      {
        status: 200,
        description: 'The ticket as it is now',
        schema: ticketResource,
        example: { ...ticket, price: 4900, version: 2 },
        headers: etag,
      },
    ],
    problems: sellersRefusals,
  },
  {
    method: 'delete',
    path: '/api/tickets/{id}',
    service: 'tickets',
    operationId: 'deleteTicket',
    summary: 'Take an own ticket that is neither held nor sold off the marketplace',
    session: 'required',
    parameters: [idParameter('ticket'), ifMatch],
    answers: [{ status: 204, description: 'It is gone' }],
    problems: [
      { status: 400, code: 'InvalidInput', detail: 'If-Match takes the version of the ticket, such as "3".' },
      ...sellersRefusals,
    ],
  },
];
