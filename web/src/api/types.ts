// What the API answers, as far as pages read it. docs/contracts/openapi.json is the truth.

export interface Account {
  id: string;
  email: string;
}

export interface Ticket {
  id: string;
  title: string;
  /** Cents. */
  price: number;
  /** The seller. */
  userId: string;
  /** The order that holds or bought it. */
  orderId: string | null;
  sold: boolean;
  /** Nobody bought it before its event began. */
  begun: boolean;
  version: number;
  createdAt: string;
  venue?: string | null;
  startsAt?: string | null;
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export type OrderStatus = 'Created' | 'AwaitingPayment' | 'Completed' | 'Cancelled';

export interface Order {
  id: string;
  userId: string;
  ticketId: string;
  /** Null until the hold is known. */
  ticket: { id: string; title: string; venue?: string | null; startsAt?: string | null } | null;
  status: OrderStatus;
  cancelReason: string | null;
  expiresAt: string;
  /** Cents, as held; null until the hold is known. */
  price: number | null;
  createdAt: string;
  /** The e-ticket of a completed order is void since. */
  refundedAt?: string | null;
  version: number;
}

/** What the door says of an e-ticket. */
export interface ETicketCheck {
  verdict: 'valid' | 'used' | 'refunded' | 'forged';
  forgery: string | null;
  ticket: { id: string; title: string; venue?: string | null; startsAt?: string | null } | null;
  orderId: string | null;
  usedAt: string | null;
  refundedAt: string | null;
}

export interface OpenedPayment {
  id: string;
  clientSecret: string;
  publishableKey: string;
  /** Cents. */
  amount: number;
}

export interface Charge {
  id: string;
  orderId: string;
  status: 'Created' | 'Failed' | 'Completed';
  /** Cents. */
  amount: number;
  stripeRefundId: string | null;
  reason?: string;
  message?: string;
  /** Of a declined card: how many may still be tried after it. */
  attemptsLeft?: number;
}

/** One event of the listing's stream. */
export interface ListingChange {
  change: 'listed' | 'changed' | 'removed';
  ticket: Ticket;
}
