import type { ETicketForgery, eTicketCheck } from '@ticketing/common';
import type { z } from 'zod';
import type { TicketRecord } from './data/ticket-model';
import type { DoorVerdict } from './domain/ticket';

/** What the seller is told at the door. */
export type ETicketCheckView = z.output<typeof eTicketCheck>;

export const checkView = (ticket: TicketRecord, orderId: string, verdict: DoorVerdict): ETicketCheckView => ({
  verdict,
  forgery: null,
  ticket: {
    id: ticket._id,
    title: ticket.title,
    venue: ticket.venue ?? null,
    startsAt: ticket.startsAt?.toISOString() ?? null,
  },
  orderId,
  usedAt: ticket.admitted?.at.toISOString() ?? null,
  refundedAt: ticket.refunded?.orderId === orderId ? ticket.refunded.at.toISOString() : null,
});

export const forgedView = (forgery: ETicketForgery): ETicketCheckView => ({
  verdict: 'forged',
  forgery,
  ticket: null,
  orderId: null,
  usedAt: null,
  refundedAt: null,
});
