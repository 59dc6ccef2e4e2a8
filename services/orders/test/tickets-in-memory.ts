// A stand-in for the tickets service: its internal routes by the contract, its tickets in memory.
import { type HoldAnswer, holdRequest, newId, releaseRequest, voidRequest } from '@ticketing/common';
import type { InProcessDapr } from '@ticketing/common/testing';
import express, { type Application } from 'express';

export interface Offered {
  id: string;
  title: string;
  venue?: string;
  startsAt?: string;
  begun?: boolean;
  price: number;
  sellerId: string;
  orderId: string | null;
  heldBy: string | null;
  sold: boolean;
  refundedAt?: string;
}

export interface TicketsInMemory {
  app: Application;
  /** Puts a ticket up for sale. */
  offer(ticket?: Partial<Offered>): Offered;
  /** Takes part in the in-process Dapr as `tickets`. */
  register(dapr: InProcessDapr): Promise<void>;
}

export function ticketsInMemory(): TicketsInMemory {
  const tickets = new Map<string, Offered>();
  const app = express();
  app.use(express.json());
  app.get('/dapr/subscribe', (_req, res) => void res.json([]));
  app.post('/internal/tickets/:id/hold', (req, res) => {
    const { orderId, buyerId, price } = holdRequest.parse(req.body);
    res.json(hold(tickets.get(req.params.id), orderId, buyerId, price));
  });
  app.post('/internal/tickets/:id/release', (req, res) => {
    const ticket = tickets.get(req.params.id);
    if (ticket && ticket.orderId === releaseRequest.parse(req.body).orderId && !ticket.sold) ticket.orderId = null;
    res.status(204).end();
  });
  app.post('/internal/tickets/:id/void', (req, res) => {
    const ticket = tickets.get(req.params.id);
    const { orderId, refundedAt } = voidRequest.parse(req.body);
    if (ticket?.orderId !== orderId) return void res.status(409).end();
    ticket.refundedAt = refundedAt;
    res.status(204).end();
  });
  return {
    app,
    offer(given = {}) {
      const ticket: Offered = {
        id: newId(),
        title: 'Ada and the Engines',
        price: 4500,
        sellerId: 'seller',
        orderId: null,
        heldBy: null,
        sold: false,
        ...given,
      };
      tickets.set(ticket.id, ticket);
      return ticket;
    },
    register: (dapr) => dapr.register('tickets', app),
  };
}

function hold(ticket: Offered | undefined, orderId: string, buyerId: string, price: number | undefined): HoldAnswer {
  if (!ticket) return { granted: false, reason: 'NotFound' };
  if (ticket.sellerId === buyerId) return { granted: false, reason: 'OwnTicket' };
  const own = ticket.orderId !== null && ticket.heldBy === buyerId ? { ownOrderId: ticket.orderId } : {};
  if (ticket.sold) return { granted: false, reason: 'Sold', ...own };
  const otherPrice = price !== undefined && price !== ticket.price;
  if (ticket.orderId !== null && (ticket.orderId !== orderId || otherPrice)) {
    return { granted: false, reason: 'Held', ...own };
  }
  if (ticket.begun) return { granted: false, reason: 'EventBegun' };
  if (otherPrice) return { granted: false, reason: 'PriceChanged', price: ticket.price };
  ticket.orderId = orderId;
  ticket.heldBy = buyerId;
  const { id, title, venue, startsAt, sellerId } = ticket;
  const event = { ...(venue ? { venue } : {}), ...(startsAt ? { startsAt } : {}) };
  return { granted: true, ticket: { id, title, ...event, price: ticket.price, currency: 'usd', sellerId } };
}
