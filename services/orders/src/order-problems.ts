import { type HoldAnswer, notFound, Problem } from '@ticketing/common';

type Refusal = Extract<HoldAnswer, { granted: false }>;

/** What a buyer is told when the ticket is not to be had. */
export const holdProblems: Record<Refusal['reason'], (refusal: Refusal) => Problem> = {
  NotFound: () => new Problem(404, 'NotFound', 'There is no such ticket.'),
  OwnTicket: () => new Problem(403, 'OwnTicket', 'This is your own ticket: you cannot buy it.'),
  Held: () =>
    new Problem(
      409,
      'TicketTaken',
      'Somebody else is buying this ticket. If they do not pay in time, it is for sale again.',
    ),
  Sold: ({ ownOrderId }) =>
    ownOrderId
      ? new Problem(409, 'AlreadyBought', 'You have bought this ticket already.', { extra: { orderId: ownOrderId } })
      : new Problem(409, 'TicketSold', 'This ticket is sold.'),
  EventBegun: () => new Problem(409, 'EventBegun', 'The event has begun: its tickets are no longer for sale.'),
  PriceChanged: ({ price }) =>
    new Problem(409, 'PriceChanged', 'The price of this ticket has changed. Look at it again before you buy.', {
      extra: { price },
    }),
};

export const holdUnknown = (orderId: string) =>
  new Problem(
    503,
    'HoldNotKnown',
    'We could not reserve the ticket for certain. Try again in a moment; nothing was charged.',
    {
      headers: { 'Retry-After': '2' },
      extra: { orderId },
    },
  );

export const attemptEnded = (orderId: string) =>
  new Problem(409, 'OrderCancelled', 'This purchase was cancelled. Start a new one.', { extra: { orderId } });

export const noSuchOrder = () => notFound('order');

/** For other services, who act on it: any other 404 is a fault on the way, and tells nothing of the order. */
export const unknownOrder = () => new Problem(404, 'UnknownOrder', 'There is no such order.');
