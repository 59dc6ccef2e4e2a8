import { orderBody, orderPage, orderResource } from '../../contracts';
import { order, ticket } from '../examples';
import { type HttpRoute, idParameter, pageParameters, type RouteProblem } from '../http-route';

const noSuchOrder: RouteProblem = { status: 404, code: 'NotFound', detail: 'There is no such order.' };

export const orderRoutes: HttpRoute[] = [
  {
    method: 'post',
    path: '/api/orders',
    service: 'orders',
    operationId: 'createOrder',
    summary: 'Start a purchase: the ticket is held for you',
    description:
      'The ticket is held until `expiresAt`; pay before then. A buyer who holds the ticket already is answered 200 ' +
      'and the same order. Use a fresh Idempotency-Key for each attempt of a person, and the same one when your ' +
      'program repeats a request whose answer it did not get.',
    session: 'required',
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        description: 'The same key, buyer and ticket always name the same order',
        schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' },
        example: 'b0c5a7d2-6b0e-4b7b-9d0a-0c1f7a3d5e11',
      },
    ],
    body: { schema: orderBody, example: { ticketId: ticket.id, price: ticket.price } },
    answers: [
      {
        status: 201,
        description: 'The ticket is held',
        schema: orderResource,
        example: order,
        headers: { Location: 'Where the order is' },
      },
      {
        status: 200,
        description: 'You hold the ticket already: the same order',
        schema: orderResource,
        example: order,
        headers: { Location: 'Where the order is' },
      },
    ],
    problems: [
      { status: 403, code: 'OwnTicket', detail: 'This is your own ticket: you cannot buy it.' },
      { status: 404, code: 'NotFound', detail: 'There is no such ticket.' },
      {
        status: 409,
        code: 'TicketTaken',
        detail: 'Somebody else is buying this ticket. If they do not pay in time, it is for sale again.',
      },
      { status: 409, code: 'TicketSold', detail: 'This ticket is sold.' },
      {
        status: 409,
        code: 'AlreadyBought',
        detail: 'You have bought this ticket already.',
        extra: { orderId: order.id },
      },
      { status: 409, code: 'EventBegun', detail: 'The event has begun: its tickets are no longer for sale.' },
      {
        status: 409,
        code: 'PriceChanged',
        detail: 'The price of this ticket has changed. Look at it again before you buy.',
        extra: { price: 4900 },
      },
      {
        status: 409,
        code: 'OrderCancelled',
        detail: 'This purchase was cancelled. Start a new one.',
        extra: { orderId: order.id },
      },
      {
        status: 503,
        code: 'HoldNotKnown',
        detail: 'We could not reserve the ticket for certain. Try again in a moment; nothing was charged.',
        extra: { orderId: order.id },
        retryAfter: 2,
      },
    ],
  },
  {
    method: 'get',
    path: '/api/orders',
    service: 'orders',
    operationId: 'listOrders',
    summary: 'My orders, newest first',
    session: 'required',
    parameters: pageParameters('orders'),
    answers: [
      {
        status: 200,
        description: 'A page of orders',
        schema: orderPage,
        example: { items: [order], nextCursor: null },
      },
    ],
    problems: [{ status: 400, code: 'InvalidInput', detail: 'Some of the input is not valid.' }],
  },
  {
    method: 'get',
    path: '/api/orders/{id}',
    service: 'orders',
    operationId: 'showOrder',
    summary: 'One of my orders',
    session: 'required',
    parameters: [idParameter('order')],
    answers: [{ status: 200, description: 'The order', schema: orderResource, example: order }],
    problems: [noSuchOrder],
  },
  {
    method: 'get',
    path: '/api/orders/{id}/ticket',
    service: 'orders',
    operationId: 'showETicket',
    summary: 'The e-ticket of a completed order: a PDF with a sealed QR code',
    description:
      'The same order and zone always give the same bytes. The seller of the ticket checks its code by `verifyETicket`.',
    session: 'required',
    parameters: [
      idParameter('order'),
      {
        name: 'zone',
        in: 'query',
        description: 'The time zone of the dates on it, by its IANA name; the ticket says which it is',
        schema: { type: 'string', maxLength: 64, default: 'UTC' },
        example: 'Europe/London',
      },
    ],
    answers: [
      {
        status: 200,
        description: 'The e-ticket',
        contentType: 'application/pdf',
        headers: { 'Content-Disposition': 'Shown in the browser; saved under a name that tells the event' },
      },
    ],
    problems: [
      { status: 400, code: 'InvalidInput', detail: 'Some of the input is not valid.' },
      noSuchOrder,
      { status: 409, code: 'OrderNotCompleted', detail: 'There is an e-ticket once this order is paid.' },
      {
        status: 409,
        code: 'OrderRefunded',
        detail: 'This order was refunded, so its e-ticket is not valid any more.',
      },
      { status: 429, code: 'TooManyRequests', detail: 'Too many attempts. Try again in 90 seconds.', retryAfter: 90 },
      {
        status: 503,
        code: 'ETicketsBusy',
        detail: 'Many people fetch their e-tickets right now. Try again in a moment.',
        retryAfter: 2,
      },
    ],
  },
  {
    method: 'delete',
    path: '/api/orders/{id}',
    service: 'orders',
    operationId: 'cancelOrder',
    summary: 'Give up a purchase: the ticket is for sale again',
    session: 'required',
    parameters: [idParameter('order')],
    answers: [{ status: 204, description: 'It is cancelled, or was already' }],
    problems: [
      noSuchOrder,
      { status: 409, code: 'AlreadyCompleted', detail: 'This order is paid and cannot be cancelled.' },
      {
        status: 409,
        code: 'BeingCaptured',
        detail: 'Your payment is being taken right now; look again in a moment.',
      },
    ],
  },
];
