import {
  type ETicketKeys,
  inputOf,
  Problem,
  type RateLimiter,
  rateLimits,
  sessionOf,
  validate,
  writeETicketCode,
} from '@ticketing/common';
import type { RequestHandler } from 'express';
import { query } from 'express-validator';
import type { Orders } from '../data/orders';
import type { HeldAs, Order } from '../domain/order';
import type { ETickets } from '../e-ticket/keep-e-tickets';
import type { ETicketFacts } from '../e-ticket/render-e-ticket';
import { isZone } from '../e-ticket/wording';
import { noSuchOrder } from '../order-problems';

interface Deps {
  orders: Orders;
  eTickets: ETickets;
  eTicketKeys: ETicketKeys;
  limiter: RateLimiter;
  /** How the buyer is named on it. */
  nameOf: (userId: string) => Promise<string>;
}

export const showETicket = ({ orders, eTickets, eTicketKeys, limiter, nameOf }: Deps): RequestHandler[] => [
  validate(
    query('zone')
      .default('UTC')
      .custom((zone: unknown) => typeof zone === 'string' && zone.length <= 64 && isZone(zone))
      .withMessage('Name a time zone, such as Europe/London.'),
  ),
  async (req, res) => {
    const { zone } = inputOf<{ zone: string }>(req);
    const { userId } = sessionOf(req);
    const order = await orders.find(String(req.params.id));
    if (!order || order.userId !== userId) throw noSuchOrder();
    const held = paidFor(order);
    const claim = { orderId: order._id, ticketId: order.ticketId };
    const facts: ETicketFacts = {
      ...factsOf(order, held),
      buyer: await nameOf(userId),
      code: writeETicketCode(claim, eTicketKeys),
      zone,
    };
    const drawn = eTickets.find(facts);
    if (!drawn) await limiter.use(rateLimits.eTicketDrawingsOfAccount, userId);
    const pdf = await (drawn ?? eTickets.draw(facts));
    res
      .set('Cache-Control', 'private, no-store')
      .set('Content-Disposition', `inline; filename="${fileName(held.title, order._id)}"`)
      .type('application/pdf')
      .send(pdf);
  },
];

/** @throws Problem when there is no e-ticket, or none any more */
function paidFor({ status, held, refundedAt }: Order): HeldAs {
  if (status !== 'Completed' || !held)
    throw new Problem(409, 'OrderNotCompleted', 'There is an e-ticket once this order is paid.');
  if (refundedAt)
    throw new Problem(409, 'OrderRefunded', 'This order was refunded, so its e-ticket is not valid any more.');
  return held;
}

const factsOf = (
  { _id, createdAt }: Order,
  { title, venue, startsAt, price }: HeldAs,
): Omit<ETicketFacts, 'buyer' | 'code' | 'zone'> => ({
  orderId: _id,
  title,
  venue,
  startsAt,
  priceCents: price,
  orderedAt: createdAt,
});

/** In ASCII, which every browser and disk takes: the event as far as it can be told so, and the order. */
function fileName(title: string, orderId: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .toLowerCase();
  return `${['e-ticket', ...(words ? [words] : []), orderId.slice(-6)].join('-')}.pdf`;
}
