import { Problem, voidRequest } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { Tickets } from '../data/tickets';
import { voidETicket } from '../void-e-ticket';

/** Orders says what its event has said, until it knows that it was heard. */
export const voidTicket =
  ({ tickets }: { tickets: Tickets }): RequestHandler =>
  async (req, res) => {
    const command = voidRequest.safeParse(req.body);
    if (!command.success) throw new Problem(400, 'InvalidInput', command.error.message);
    const { orderId, refundedAt } = command.data;
    if (!(await voidETicket(tickets, String(req.params.id), orderId, new Date(refundedAt))))
      throw new Problem(409, 'NotItsTicket', 'The ticket is not kept for this order.');
    res.status(204).end();
  };
