import type { EventData } from '@ticketing/common';
import { composeMail, type Mail } from './compose-mail';
import { amountText, eventFacts, momentText, type PageUrls } from './wording';

export const ticketBought = (order: EventData<'OrderCompleted'>, when: Date, pages: PageUrls): Mail =>
  composeMail({
    subject: `Your ticket: ${order.ticket.title}`,
    heading: 'The ticket is yours',
    paragraphs: [
      `Your payment of ${amountText(order.price)} was taken and the ticket is yours.`,
      'Bring your e-ticket on paper or on a phone: its code lets one person in, once.',
    ],
    facts: [
      ...eventFacts(order.ticket),
      ['Price', amountText(order.price)],
      ['Bought', momentText(when)],
      ['Order', order.id],
    ],
    links: [
      { text: 'Open your e-ticket', url: pages.eTicket(order.id) },
      { text: 'See your order', url: pages.order(order.id) },
    ],
  });
