// What services ask of each other by service invocation. Both sides parse with these schemas.
import { z } from 'zod';
import { currency, orderStatuses } from './statuses';

const id = z.string().min(1);

/** orders -> tickets: `POST internal/tickets/:id/hold`. One compare-and-set on the ticket decides it. */
export const holdRequest = z.object({
  orderId: id,
  buyerId: id,
  /** The price the buyer saw, in minor units; another one refuses the hold. */
  price: z.int().optional(),
});
export type HoldRequest = z.infer<typeof holdRequest>;

export const holdRefusals = ['NotFound', 'OwnTicket', 'Sold', 'Held', 'EventBegun', 'PriceChanged'] as const;

export const heldTicket = z.object({
  id,
  title: z.string(),
  venue: z.string().optional(),
  startsAt: z.iso.datetime().optional(),
  price: z.int(),
  currency: z.literal(currency),
  sellerId: id,
});

export type HeldTicket = z.infer<typeof heldTicket>;

export const holdAnswer = z.discriminatedUnion('granted', [
  z.object({ granted: z.literal(true), ticket: heldTicket }),
  z.object({
    granted: z.literal(false),
    reason: z.enum(holdRefusals),
    /** With `Held` or `Sold`: the buyer's own order that has the ticket, when it is the asking buyer's. */
    ownOrderId: id.optional(),
    /** With `PriceChanged`: the price now, in minor units. */
    price: z.int().optional(),
  }),
]);
export type HoldAnswer = z.infer<typeof holdAnswer>;

/** orders -> tickets: `POST internal/tickets/:id/release`; answers 204, also when it was not this order's hold. */
export const releaseRequest = z.object({ orderId: id });

/**
 * orders -> tickets: `POST internal/tickets/:id/void`: the order's money was given back, its e-ticket lets nobody in any
 * more. Answers 204, also when it is so already; 409 `NotItsTicket` when the ticket is not this order's.
 */
export const voidRequest = z.object({ orderId: id, refundedAt: z.iso.datetime() });

/**
 * tickets -> orders: `POST internal/orders/abandon`: asked about holds older than the request budget. An order that is
 * absent gets a `Cancelled` tombstone first, so that a late insert finds it.
 */
export const abandonedHold = z.object({ orderId: id, ticketId: id, buyerId: id });
export type AbandonedHold = z.infer<typeof abandonedHold>;
export const abandonRequest = z.object({ holds: z.array(abandonedHold).max(500) });
export const abandonAnswer = z.object({ orders: z.array(z.object({ id, status: z.enum(orderStatuses) })) });

/** notifications, orders -> auth: `GET internal/users/:id`; 404 when unknown. */
export const internalUser = z.object({ id, email: z.string(), version: z.int() });
export type InternalUser = z.infer<typeof internalUser>;

/** payments, expiration -> orders: `GET internal/orders/:id`; 404 `UnknownOrder` when unknown. */
export const internalOrder = z.object({
  id,
  userId: id,
  status: z.enum(orderStatuses),
  expiresAt: z.iso.datetime(),
  /** Null until the hold is known, as is the ticket. */
  price: z.int().nullable(),
  currency: z.literal(currency),
  ticket: heldTicket.pick({ id: true, title: true, sellerId: true }).nullable(),
  /** When orders heard that the money was given back; absent before, and where nothing was sold. */
  refundedAt: z.iso.datetime().optional(),
});
export type InternalOrder = z.infer<typeof internalOrder>;

/**
 * payments -> orders: `POST internal/orders/:id/begin-capture`; 404 `UnknownOrder` when unknown. Repeatable, with the same
 * answer.
 */
export const beginCaptureAnswer = z.object({ granted: z.boolean(), status: z.enum(orderStatuses) });
export type BeginCaptureAnswer = z.infer<typeof beginCaptureAnswer>;

const unknownOrderProblem = z.object({ type: z.literal('/problems/UnknownOrder') });

/**
 * Orders says that there is no such order. Any other 404 only says that this orders has no such route (another version,
 * a wrong address), which is no answer.
 */
export const saysUnknownOrder = ({ status, body }: { status: number; body: unknown }): boolean =>
  status === 404 && unknownOrderProblem.safeParse(body).success;

/**
 * orders -> payments: `GET internal/payments/outcome/:orderId`: Stripe's final word on an order that captures for long.
 * `pending` says that payments is at it; only the other two may end `Capturing`.
 */
export const paymentOutcomes = ['captured', 'closed', 'pending'] as const;
export const paymentOutcomeAnswer = z.object({ outcome: z.enum(paymentOutcomes) });
export type PaymentOutcome = (typeof paymentOutcomes)[number];
