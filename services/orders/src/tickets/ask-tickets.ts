import { type HoldAnswer, type HoldRequest, holdAnswer, type Invoker, NoAnswer } from '@ticketing/common';

/** The ticket's own word on holds, by service invocation. */
export interface TicketHolds {
  /** @throws NoAnswer when it is not known whether the ticket is held now */
  hold(ticketId: string, request: HoldRequest): Promise<HoldAnswer>;
  /** @throws NoAnswer */
  release(ticketId: string, orderId: string): Promise<void>;
}

export const askTickets = (invoker: Invoker, timeoutMs: number): TicketHolds => ({
  async hold(ticketId, request) {
    const path = `internal/tickets/${ticketId}/hold`;
    const answer = await invoker.invoke({ app: 'tickets', method: 'POST', path, body: request, timeoutMs });
    if (answer.status !== 200) throw new NoAnswer('tickets', `hold was answered ${answer.status}`);
    return holdAnswer.parse(answer.body);
  },
  async release(ticketId, orderId) {
    const path = `internal/tickets/${ticketId}/release`;
    const answer = await invoker.invoke({ app: 'tickets', method: 'POST', path, body: { orderId }, timeoutMs });
    if (answer.status !== 204) throw new NoAnswer('tickets', `release was answered ${answer.status}`);
  },
});
