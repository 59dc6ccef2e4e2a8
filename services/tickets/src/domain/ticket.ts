// What may be done with a ticket: pure decisions. The same conditions stand again in the compare-and-set of data/.
import type { HoldAnswer } from '@ticketing/common';

/** What a seller says about a ticket. */
export interface TicketDetails {
  title: string;
  /** Minor units. */
  price: number;
  /** Where the event is; absent from tickets that were listed before anybody could say. */
  venue?: string | null;
  /** When the event starts; absent as the venue is. */
  startsAt?: Date | null;
}

export interface Ticket extends TicketDetails {
  _id: string;
  /** The seller. */
  userId: string;
  /** The order that holds or bought it. */
  orderId: string | null;
  /** The buyer behind `orderId`. */
  heldBy: string | null;
  heldAt: Date | null;
  sold: boolean;
  deleted: boolean;
  version: number;
  createdAt: Date;
  /** When the e-ticket was let in at the door; absent before. */
  admitted?: Admission;
  /** The order whose money was given back: its e-ticket lets nobody in. Absent otherwise. */
  refunded?: { orderId: string; at: Date };
}

export interface Admission {
  at: Date;
  /** Of the request that let it in: the same request again is told the same. */
  key: string;
}

export type ChangeRefusal = 'NotFound' | 'NotYours' | 'Sold' | 'Held' | 'Stale';

export interface ChangeRequest {
  userId: string;
  /** The versions the change is meant for; any other refuses it. */
  expectedVersions?: readonly number[] | undefined;
}

/** Why the seller may not change or delete the ticket now, or nothing when they may. */
export function refuseChange(
  ticket: Ticket | null,
  { userId, expectedVersions }: ChangeRequest,
): ChangeRefusal | undefined {
  if (!ticket || ticket.deleted) return 'NotFound';
  if (ticket.userId !== userId) return 'NotYours';
  if (ticket.sold) return 'Sold';
  if (ticket.orderId !== null) return 'Held';
  if (expectedVersions && !expectedVersions.includes(ticket.version)) return 'Stale';
  return undefined;
}

/** The details after a seller's change: what it leaves out stays, null takes away. */
export const changedDetails = (ticket: TicketDetails, change: TicketDetails): Required<TicketDetails> => ({
  title: change.title,
  price: change.price,
  venue: change.venue === undefined ? (ticket.venue ?? null) : change.venue,
  startsAt: change.startsAt === undefined ? (ticket.startsAt ?? null) : change.startsAt,
});

export interface HoldCommand {
  orderId: string;
  buyerId: string;
  price?: number | undefined;
}

type Refusal = Extract<HoldAnswer, { granted: false }>;

/** What is bought in time may be paid when the event has begun; what has begun is bought by nobody any more. */
export const hasBegun = ({ startsAt }: TicketDetails, now: Date): boolean => startsAt != null && startsAt <= now;

/** Why a hold was refused, or nothing when it would be granted now (another hold ended in between). */
export function refuseHold(
  ticket: Ticket | null,
  { orderId, buyerId, price }: HoldCommand,
  now: Date,
): Refusal | undefined {
  if (!ticket || ticket.deleted) return refuse('NotFound');
  if (ticket.userId === buyerId) return refuse('OwnTicket');
  const own = ticket.orderId !== null && ticket.heldBy === buyerId ? { ownOrderId: ticket.orderId } : {};
  if (ticket.sold) return { ...refuse('Sold'), ...own };
  const otherPrice = price !== undefined && price !== ticket.price;
  // A hold that is there keeps its price, also against its own order asked for again with another one.
  if (ticket.orderId !== null && (ticket.orderId !== orderId || otherPrice)) return { ...refuse('Held'), ...own };
  if (ticket.orderId === null && hasBegun(ticket, now)) return refuse('EventBegun');
  if (otherPrice) return { ...refuse('PriceChanged'), price: ticket.price };
  return undefined;
}

const refuse = (reason: Refusal['reason']): Refusal => ({ granted: false, reason });

export type DoorVerdict = 'valid' | 'used' | 'refunded';

/** Whether the e-ticket of the ticket's order lets in now. Refunded says more than used: it would never let in again. */
export function judgeAtDoor({ admitted, refunded }: Ticket, orderId: string, key: string): DoorVerdict {
  if (refunded?.orderId === orderId) return 'refunded';
  return admitted && admitted.key !== key ? 'used' : 'valid';
}

/** The words by which a ticket is found: those of its title and of its venue. */
export const ticketWords = ({ title, venue }: TicketDetails): string[] => searchWords(`${title} ${venue ?? ''}`);

/** The words of a text: lower case, letters and digits, without accents. */
export const searchWords = (text: string): string[] => [
  ...new Set(
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== ''),
  ),
];
