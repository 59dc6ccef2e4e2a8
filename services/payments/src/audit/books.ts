// What the auditor knows of one order: what each service has on record of it, and what Stripe says.
import type { OrderStatus } from '@ticketing/common';
import type { PaymentRecord } from '../data/payment-model';
import type { DisputeStatus } from '../domain/payment';

/** As the orders service keeps it; only what is compared. */
export interface BookedOrder {
  _id: string;
  ticketId: string;
  status: OrderStatus;
  held: { price: number } | null;
  expiresAt: Date;
  createdAt: Date;
  captureBegunAt: Date | null;
  /** When orders heard that the money was given back; absent otherwise. */
  refundedAt?: Date | null;
}

/** As the tickets service keeps it; only what is compared. */
export interface BookedTicket {
  _id: string;
  orderId: string | null;
  sold: boolean;
  deleted: boolean;
  price: number;
  /** The order whose e-ticket is void since; absent otherwise. */
  refunded?: { orderId: string; at: Date };
}

export interface StripeRefund {
  id: string;
  amount: number;
  failed: boolean;
}

export interface StripeDispute {
  id: string;
  amount: number;
  status: DisputeStatus;
}

export interface StripeCharge {
  id: string;
  /** A bank has approved it; a declined one moves no money. */
  approved: boolean;
  amount: number;
  captured: boolean;
  amountCaptured: number;
  /** Given back, or let go where it was not captured. */
  refunds: StripeRefund[];
  /** The buyer's bank has taken it back, or has. */
  disputes: StripeDispute[];
}

export interface StripeIntent {
  id: string;
  orderId: string;
  status: string;
  amount: number;
  currency: string;
  charges: StripeCharge[];
}

export interface OrderAccount {
  orderId: string;
  order: BookedOrder | null;
  /** The ticket that the order names. */
  ticket: BookedTicket | null;
  /** Tickets that say that they are held by the order or sold to it. */
  claimedBy: BookedTicket[];
  payment: PaymentRecord | null;
  intents: StripeIntent[];
}
