// The bodies of the public HTTP API. The routes check what they are sent with express-validator, field by field and
// with a sentence for each; these schemas tell the same to programs (docs/contracts/openapi.json).
import { z } from 'zod';
import {
  cancelReasons,
  chargeStatuses,
  currency,
  passwordLength,
  priceLimitsCents,
  publicOrderStatuses,
  titleLength,
  venueLength,
} from './statuses';

const id = z
  .string()
  .regex(/^[0-9a-f]{24}$/)
  .describe('24 hexadecimal digits');
const instant = z.iso.datetime().describe('RFC 3339, UTC');
const currencyCode = z.literal(currency);
const version = z.int().min(1).describe('Rises with every change');
const nextCursor = z.string().nullable().describe('Give it as `cursor` to get the next page; null on the last one');

export const accountResource = z.object({ id, email: z.string() });
export const currentUserAnswer = z.object({ currentUser: accountResource.nullable() });

const email = z.email().max(254);
const newPassword = z.string().min(passwordLength.min).max(passwordLength.max);
const givenPassword = z.string().min(1).max(1_024);
export const signUpBody = z.object({ email, password: newPassword });
export const signInBody = z.object({ email, password: givenPassword });
export const accountChangeBody = z.object({
  email: email.optional(),
  password: newPassword.optional(),
  currentPassword: givenPassword,
});

/** What the ticket is for. */
const eventDetails = {
  venue: z.string().nullable().describe('Where the event is; null when the seller did not say'),
  startsAt: instant.nullable().describe('When the event starts, RFC 3339, UTC; null when the seller did not say'),
};
export const ticketResource = z.object({
  id,
  title: z.string(),
  ...eventDetails,
  price: z.int().describe('Minor units (cents)'),
  currency: currencyCode,
  userId: id.describe('The seller'),
  orderId: id.nullable().describe('The order that holds or bought it; null while it is for sale'),
  sold: z.boolean(),
  begun: z.boolean().describe('Its event has begun, and nobody had bought it: no longer for sale'),
  version,
  createdAt: instant,
});
export const ticketPage = z.object({ items: z.array(ticketResource), nextCursor });
const ticketFields = {
  title: z.string().min(titleLength.min).max(titleLength.max).describe('One line of visible text; trimmed'),
  price: z.int().min(priceLimitsCents.min).max(priceLimitsCents.max).describe('Minor units (cents)'),
  venue: z
    .string()
    .min(venueLength.min)
    .max(venueLength.max)
    .nullable()
    .optional()
    .describe('Where the event is: one line of visible text; trimmed. Null for none'),
  startsAt: z.iso
    .datetime({ offset: true })
    .nullable()
    .optional()
    .describe('When the event starts: RFC 3339 with seconds and an offset, in the future. Null for none'),
};
export const ticketBody = z.object(ticketFields);
export const ticketChangeBody = z.object({
  ...ticketFields,
  version: version.optional().describe('The version you saw, unless If-Match tells it'),
});
/** `startsAt`: soonest event first, those without a date last. */
export const sortOrders = ['newest', 'price', '-price', 'startsAt'] as const;

/** The data of one event of the listing's stream. */
export const listingChange = z.object({
  change: z
    .enum(['listed', 'changed', 'removed'])
    .describe('`listed`: for sale now, new or again. `changed`: edited. `removed`: held, sold, deleted or begun'),
  ticket: ticketResource,
});

export const orderResource = z.object({
  id,
  userId: id.describe('The buyer'),
  ticketId: id,
  ticket: z
    .object({ id, title: z.string(), ...eventDetails })
    .nullable()
    .describe('As held. Null until the hold is known'),
  status: z.enum(publicOrderStatuses),
  cancelReason: z.enum(cancelReasons).nullable(),
  expiresAt: instant.describe('The ticket is held until then; RFC 3339, UTC'),
  price: z.int().nullable().describe('As held, in minor units; null until the hold is known'),
  currency: currencyCode,
  createdAt: instant,
  refundedAt: instant
    .nullable()
    .describe('When we heard that the money of a completed order was given back; its e-ticket is void since'),
  version,
});
export const orderPage = z.object({ items: z.array(orderResource), nextCursor });
export const orderBody = z.object({
  ticketId: id,
  price: z.int().min(0).optional().describe('The price the buyer saw; another one refuses the purchase'),
});

/** What the door says of an e-ticket. */
export const eTicketVerdicts = ['valid', 'used', 'refunded', 'forged'] as const;
export const eTicketCheckBody = z.object({
  code: z.string().min(1).max(512).describe('As the QR code says; spaces and the case of letters do not count'),
  look: z.boolean().optional().describe('True: only look, and let nobody in'),
});
export const eTicketCheck = z.object({
  verdict: z
    .enum(eTicketVerdicts)
    .describe('`valid`: let them in, once; `used`: was let in before; `refunded`: void; `forged`: not of our making'),
  forgery: z
    .enum(['NotOurs', 'UnknownKey', 'WrongSeal'])
    .nullable()
    .describe(
      'Of a forged one: no e-ticket at all, sealed with a key that is not known here (such as another ' +
        "marketplace's), or made up or changed",
    ),
  ticket: z
    .object({ id, title: z.string(), ...eventDetails })
    .nullable()
    .describe('Null for a forged one'),
  orderId: id.nullable().describe('The order number on the e-ticket; null for a forged one'),
  usedAt: instant.nullable().describe('When it was let in: now, or before'),
  refundedAt: instant.nullable(),
});

export const paymentBody = z.object({ orderId: id });
export const openedPayment = z.object({
  id: id.describe('The payment, for `settle`'),
  clientSecret: z.string().describe('For Stripe.js, to confirm the card'),
  publishableKey: z.string(),
  amount: z.int().describe('Minor units (cents)'),
  currency: currencyCode,
});
export const chargeResource = z.object({
  id,
  orderId: id,
  status: z.enum(chargeStatuses),
  amount: z.int().describe('Minor units (cents)'),
  currency: currencyCode,
  stripeId: z.string().nullable(),
  stripeRefundId: z.string().nullable(),
  reason: z.string().optional().describe("Of a failed charge: Stripe's decline code, or why it was ended"),
  message: z.string().optional().describe('Of a failed charge: what happened and what to do next'),
  attemptsLeft: z.int().optional().describe('Of a declined card: how many may still be tried after it'),
});
export const chargeList = z.object({ items: z.array(chargeResource) });

/** Every error: RFC 9457, with an `errors` list. Programs look at the last part of `type`, people read `detail`. */
export const problemDocument = z.object({
  type: z.string().describe('/problems/ and a stable name: /problems/TicketTaken'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What happened and what to do next, for people'),
  instance: z.string().optional().describe('The path that was asked for, if the request could be read that far'),
  errors: z.array(z.object({ message: z.string(), field: z.string().optional() })),
  traceId: z.string().optional().describe('Names the request in our logs'),
  orderId: id.optional().describe('With a problem of an order: which one'),
  price: z.int().optional().describe('With PriceChanged: the price now, in minor units'),
});
