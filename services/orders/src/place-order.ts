// Starting a purchase: the ticket decides by one compare-and-set, then the order is written. What a crash, a repeat or
// a lost answer between the two leaves behind, the same request mends when it comes again, and the reconcilers do.
import { type Clock, type HeldTicket, type HoldAnswer, NoAnswer } from '@ticketing/common';
import type { OrderRecord } from './data/order-model';
import type { Orders } from './data/orders';
import { confirmHold, type HeldAs, type Order } from './domain/order';
import { attemptEnded, holdProblems, holdUnknown } from './order-problems';
import { releaseIfPossible, type TicketHolds } from './tickets/ask-tickets';

export interface PlaceOrderDeps {
  orders: Orders;
  holds: TicketHolds;
  announce: (order: OrderRecord) => void;
  clock: Clock;
  /** How long a ticket is held. */
  windowMs: number;
}

export interface PurchaseRequest {
  orderId: string;
  buyerId: string;
  ticketId: string;
  /** The price the buyer saw, in minor units. */
  price?: number | undefined;
}

export interface Placed {
  order: OrderRecord;
  /** False when the buyer had it already. */
  fresh: boolean;
}

/** @throws Problem when the ticket is not to be had, or it is not known (503) */
export async function placeOrder(deps: PlaceOrderDeps, request: PurchaseRequest): Promise<Placed> {
  const hold = await askForHold(deps, request);
  if (hold === 'unknown') return keepUnknown(deps, request);
  if (hold.granted) return writeHeld(deps, request, heldAs(hold.ticket));
  if (hold.ownOrderId) return continueOwn(deps, request, hold, hold.ownOrderId);
  throw holdProblems[hold.reason](hold);
}

const heldAs = ({ title, venue, startsAt, price, sellerId }: HeldTicket): HeldAs => ({
  title,
  ...(venue ? { venue } : {}),
  ...(startsAt ? { startsAt: new Date(startsAt) } : {}),
  price,
  sellerId,
});

async function askForHold(
  { holds }: PlaceOrderDeps,
  { orderId, buyerId, ticketId, price }: PurchaseRequest,
): Promise<HoldAnswer | 'unknown'> {
  try {
    return await holds.hold(ticketId, { orderId, buyerId, ...(price === undefined ? {} : { price }) });
  } catch (error) {
    if (error instanceof NoAnswer) return 'unknown';
    throw error;
  }
}

/** Insert only, never upsert: an order that is there already has had its own fate. */
async function writeHeld(deps: PlaceOrderDeps, request: PurchaseRequest, held: HeldAs): Promise<Placed> {
  const { orders, announce, clock, windowMs } = deps;
  const now = clock.now();
  const order = await orders.insert(
    { ...blank(request, now, windowMs), status: 'AwaitingPayment', held },
    { announced: true },
    now,
  );
  if (order) {
    announce(order);
    return { order, fresh: true };
  }
  const confirmed = await orders.change(request.orderId, (found) => confirmHold(found, held, now, windowMs), now);
  if (!confirmed) throw new Error(`order ${request.orderId} refused its insert and is not there`);
  if (confirmed.kind === 'changed') announce(confirmed.order);
  if (confirmed.order.status !== 'Cancelled') return { order: confirmed.order, fresh: confirmed.kind === 'changed' };
  await releaseIfPossible(deps.holds, request);
  throw attemptEnded(request.orderId);
}

/** The hold may or may not be there. The order says so, and the same request again asks the ticket again. */
async function keepUnknown({ orders, clock, windowMs }: PlaceOrderDeps, request: PurchaseRequest): Promise<Placed> {
  const now = clock.now();
  const written = await orders.insert(blank(request, now, windowMs), { announced: false }, now);
  const existing = written || (await orders.find(request.orderId));
  if (existing && existing.status !== 'Created' && existing.status !== 'Cancelled')
    return { order: existing, fresh: false };
  throw existing?.status === 'Cancelled' ? attemptEnded(request.orderId) : holdUnknown(request.orderId);
}

/**
 * The ticket is this buyer's already: they get that order, and one whose writing was cut off is written now. What is
 * left of one they have given up is cleared away, so that they can buy again at once.
 */
async function continueOwn(
  deps: PlaceOrderDeps,
  request: PurchaseRequest,
  refusal: Extract<HoldAnswer, { granted: false }>,
  ownOrderId: string,
): Promise<Placed> {
  const own = await deps.orders.find(ownOrderId);
  const asked = ownOrderId === request.orderId && own?.status === 'Completed';
  if (own?.status === 'AwaitingPayment' || own?.status === 'Capturing' || asked) return { order: own, fresh: false };
  if (own?.status === 'Completed') throw holdProblems.Sold({ ...refusal, ownOrderId });
  if (refusal.reason === 'Held') {
    // Without the price: a held ticket keeps its own.
    const left: PurchaseRequest = { ...request, orderId: ownOrderId, price: undefined };
    if (!own || own.status === 'Created') return placeOrder(deps, left);
    if (own.status === 'Cancelled' && (await releaseIfPossible(deps.holds, left))) return placeOrder(deps, request);
  }
  throw holdProblems[refusal.reason](refusal);
}

const blank = ({ orderId, buyerId, ticketId }: PurchaseRequest, now: Date, windowMs: number): Order => ({
  _id: orderId,
  userId: buyerId,
  ticketId,
  status: 'Created',
  held: null,
  expiresAt: new Date(now.getTime() + windowMs),
  createdAt: now,
  captureBegunAt: null,
  cancelReason: null,
  version: 1,
});
