import {
  type HoldAnswer,
  type HoldRequest,
  holdAnswer,
  type Invoker,
  NoAnswer,
  understood,
  type voidRequest,
} from '@ticketing/common';
import type { z } from 'zod';

/** The ticket's own word on holds, by service invocation. */
export interface TicketHolds {
  /** @throws NoAnswer when it is not known whether the ticket is held now */
  hold(ticketId: string, request: HoldRequest): Promise<HoldAnswer>;
  /** @throws NoAnswer */
  release(ticketId: string, orderId: string): Promise<void>;
}

/** Tells the ticket that the order was refunded: its e-ticket is void. @throws NoAnswer unless the ticket knows it now */
export type VoidETicket = (ticketId: string, orderId: string, refundedAt: Date) => Promise<void>;

/** True once the ticket has heard it; the reconciler of tickets does it otherwise. */
export async function releaseIfPossible(
  holds: TicketHolds,
  { orderId, ticketId }: { orderId: string; ticketId: string },
): Promise<boolean> {
  try {
    await holds.release(ticketId, orderId);
    return true;
  } catch (error) {
    if (error instanceof NoAnswer) return false;
    throw error;
  }
}

export const askTickets = (invoker: Invoker, timeoutMs: number): TicketHolds => ({
  async hold(ticketId, request) {
    const path = `internal/tickets/${ticketId}/hold`;
    const answer = await invoker.invoke({ app: 'tickets', method: 'POST', path, body: request, timeoutMs });
    return understood('tickets', answer, 200, holdAnswer);
  },
  async release(ticketId, orderId) {
    const path = `internal/tickets/${ticketId}/release`;
    const answer = await invoker.invoke({ app: 'tickets', method: 'POST', path, body: { orderId }, timeoutMs });
    if (answer.status !== 204) throw new NoAnswer('tickets', `release was answered ${answer.status}`);
  },
});

export const tellTickets =
  (invoker: Invoker): VoidETicket =>
  async (ticketId, orderId, refundedAt) => {
    const path = `internal/tickets/${ticketId}/void`;
    const body: z.input<typeof voidRequest> = { orderId, refundedAt: refundedAt.toISOString() };
    const answer = await invoker.invoke({ app: 'tickets', method: 'POST', path, body });
    if (answer.status !== 204) throw new NoAnswer('tickets', `void was answered ${answer.status}`);
  };
