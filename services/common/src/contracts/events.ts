// Every event of the marketplace, once. docs/contracts is generated from this file.
import { z } from 'zod';
import { type CloudEvent, defineEvent, type EventDefinition } from './event-definition';
import { cancelReasons, chargeStatuses, currency, publicOrderStatuses } from './statuses';

const id = z.string().min(1);
const cents = z.int().min(0).describe('Minor units (cents)');
const version = z.int().min(1).describe('Rises with every change of the aggregate; keep the newest');
const instant = z.iso.datetime().describe('RFC 3339, UTC');
const currencyCode = z.literal(currency);

/** What the ticket is for; left out where the seller did not say. */
const eventDetails = {
  venue: z.string().optional().describe('Where the event is'),
  startsAt: instant.optional().describe('When the event starts; RFC 3339, UTC'),
};

const user = z.object({ id, email: z.string(), version });
const ticket = z.object({
  id,
  title: z.string(),
  ...eventDetails,
  price: cents,
  currency: currencyCode,
  userId: id.describe('The seller'),
  orderId: id.nullable().describe('The order that holds or bought it; null while it is for sale'),
  sold: z.boolean(),
  version,
});
const order = z.object({
  id,
  userId: id.describe('The buyer'),
  status: z.enum(publicOrderStatuses),
  expiresAt: instant,
  price: cents.describe('As held, in minor units'),
  currency: currencyCode,
  ticket: z.object({ id, title: z.string(), sellerId: id, ...eventDetails }).describe('As held'),
  version,
});
const charge = z.object({
  id,
  orderId: id,
  userId: id.describe('The buyer'),
  status: z.enum(chargeStatuses),
  amount: cents,
  currency: currencyCode,
  stripeId: z.string().nullable().describe("Stripe's charge id; null before there is one"),
  stripeRefundId: z.string().nullable(),
  version,
});

const userExample = { id: '01JUSER', email: 'ada@example.com', version: 1 };
const eventExample = { venue: 'Analytical Hall, London', startsAt: '2026-12-11T19:30:00.000Z' };
const ticketExample = {
  id: '01JTICKET',
  title: 'Ada and the Engines, Friday',
  ...eventExample,
  price: 4500,
  currency,
  userId: '01JSELLER',
  orderId: null,
  sold: false,
  version: 1,
};
const orderExample = {
  id: '01JORDER',
  userId: '01JBUYER',
  status: 'AwaitingPayment' as const,
  expiresAt: '2026-11-21T10:15:00.000Z',
  price: 4500,
  currency,
  ticket: { id: '01JTICKET', title: 'Ada and the Engines, Friday', sellerId: '01JSELLER', ...eventExample },
  version: 1,
};
const chargeExample = {
  id: '01JCHARGE',
  orderId: '01JORDER',
  userId: '01JBUYER',
  status: 'Created' as const,
  amount: 4500,
  currency,
  stripeId: null,
  stripeRefundId: null,
  version: 1,
};

export const UserCreated = defineEvent({
  name: 'UserCreated',
  type: 'user.created',
  version: 1,
  topic: 'users',
  description: 'Somebody signed up.',
  schema: user,
  example: userExample,
});

export const UserUpdated = defineEvent({
  name: 'UserUpdated',
  type: 'user.updated',
  version: 1,
  topic: 'users',
  description: 'A user changed their e-mail address or password.',
  schema: user.extend({
    previousEmail: z.string().optional().describe('Only when the address changed: who is told of it'),
    passwordChanged: z.boolean().optional().describe('Whether the password is another, by itself or with the address'),
  }),
  example: { ...userExample, version: 2, previousEmail: 'ada@example.org', passwordChanged: false },
});

export const TicketCreated = defineEvent({
  name: 'TicketCreated',
  type: 'ticket.created',
  version: 1,
  topic: 'tickets',
  description: 'A ticket was listed for sale.',
  schema: ticket,
  example: ticketExample,
});

export const TicketUpdated = defineEvent({
  name: 'TicketUpdated',
  type: 'ticket.updated',
  version: 1,
  topic: 'tickets',
  description: 'A ticket was edited, held, released or sold; the data tell which.',
  schema: ticket,
  example: { ...ticketExample, orderId: '01JORDER', version: 2 },
});

export const TicketDeleted = defineEvent({
  name: 'TicketDeleted',
  type: 'ticket.deleted',
  version: 1,
  topic: 'tickets',
  description: 'The seller took the ticket off the marketplace.',
  schema: ticket,
  example: { ...ticketExample, version: 2 },
});

export const OrderCreated = defineEvent({
  name: 'OrderCreated',
  type: 'order.created',
  version: 1,
  topic: 'orders',
  description: 'The ticket is held for the buyer until expiresAt.',
  schema: order,
  example: orderExample,
});

export const OrderCancelled = defineEvent({
  name: 'OrderCancelled',
  type: 'order.cancelled',
  version: 1,
  topic: 'orders',
  description: 'The order ended without a sale: the hold is released and an open payment is closed.',
  schema: order.extend({ reason: z.enum(cancelReasons) }),
  example: { ...orderExample, status: 'Cancelled' as const, version: 2, reason: 'Expired' as const },
});

export const OrderCompleted = defineEvent({
  name: 'OrderCompleted',
  type: 'order.completed',
  version: 1,
  topic: 'orders',
  description: 'The money was taken: the ticket is sold.',
  schema: order,
  example: { ...orderExample, status: 'Completed' as const, version: 3 },
});

export const OrderRefunded = defineEvent({
  name: 'OrderRefunded',
  type: 'order.refunded',
  version: 1,
  topic: 'orders',
  description: 'The money of a completed order was given back: the order stays completed, its e-ticket is void.',
  schema: order.extend({ refundedAt: instant }),
  example: {
    ...orderExample,
    status: 'Completed' as const,
    version: 4,
    refundedAt: '2026-11-23T08:30:00.000Z',
  },
});

export const OrderExpired = defineEvent({
  name: 'OrderExpired',
  type: 'order.expired',
  version: 1,
  topic: 'expirations',
  description: "An order's hold window ended. Orders decides, by its own clock, whether that cancels it.",
  schema: z.object({ orderId: id, expiresAt: instant }),
  example: { orderId: '01JORDER', expiresAt: '2026-11-21T10:15:00.000Z' },
});

export const ChargeCreated = defineEvent({
  name: 'ChargeCreated',
  type: 'charge.created',
  version: 1,
  topic: 'charges',
  description: 'A payment was opened for the order; nothing was authorised yet.',
  schema: charge,
  example: chargeExample,
});

export const ChargeCompleted = defineEvent({
  name: 'ChargeCompleted',
  type: 'charge.completed',
  version: 1,
  topic: 'charges',
  description: 'The money was captured.',
  schema: charge,
  example: { ...chargeExample, status: 'Completed' as const, stripeId: 'ch_1', version: 3 },
});

export const ChargeFailed = defineEvent({
  name: 'ChargeFailed',
  type: 'charge.failed',
  version: 1,
  topic: 'charges',
  description: 'An attempt was declined, or an authorisation was voided. Final: no further attempt is accepted.',
  schema: charge.extend({
    reason: z.string().describe("`voided`, `closed`, or Stripe's decline code"),
    final: z.boolean(),
  }),
  example: {
    ...chargeExample,
    status: 'Failed' as const,
    stripeId: 'ch_1',
    version: 2,
    reason: 'insufficient_funds',
    final: false,
  },
});

export const ChargeRefunded = defineEvent({
  name: 'ChargeRefunded',
  type: 'charge.refunded',
  version: 1,
  topic: 'charges',
  description: 'Captured money was given back.',
  schema: charge,
  example: { ...chargeExample, status: 'Completed' as const, stripeId: 'ch_1', stripeRefundId: 're_1', version: 4 },
});

export const events = {
  UserCreated,
  UserUpdated,
  TicketCreated,
  TicketUpdated,
  TicketDeleted,
  OrderCreated,
  OrderCancelled,
  OrderCompleted,
  OrderRefunded,
  OrderExpired,
  ChargeCreated,
  ChargeCompleted,
  ChargeFailed,
  ChargeRefunded,
} as const;

export type Events = typeof events;
export type EventName = keyof Events;
export type EventType = Events[EventName]['type'];
export type EventData<Name extends EventName> = z.infer<Events[Name]['schema']>;
export type EventOf<Name extends EventName> = CloudEvent<Events[Name]['type'], EventData<Name>>;

/** The contract behind the type of a stored event. @throws Error for a type that this version does not know */
export function definitionOf(type: string): EventDefinition {
  const definition = Object.values<EventDefinition>(events).find((event) => event.type === type);
  if (!definition) throw new Error(`there is no event of type ${type}`);
  return definition;
}
