import type { EventData } from '@ticketing/common';
import { composeMail, type Mail } from './compose-mail';
import { amountText, eventFacts, momentText, type PageUrls } from './wording';

export const ticketBought = (order: EventData<'OrderCompleted'>, when: Date, pages: PageUrls): Mail =>
  composeMail({
    subject: `Your ticket: ${order.ticket.title}`,
    heading: 'The ticket is yours',
    paragraphs: [`Your payment of ${amountText(order.price)} was taken and the ticket is yours.`],
    facts: [
      ...eventFacts(order.ticket),
      ['Price', amountText(order.price)],
      ['Bought', momentText(when)],
      ['Order', order.id],
    ],
    links: [{ text: 'See your order', url: pages.order(order.id) }],
  });
