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
  version: number;
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
}

/** One event of the listing's stream. */
export interface ListingChange {
  change: 'listed' | 'changed' | 'removed';
  ticket: Ticket;
}
