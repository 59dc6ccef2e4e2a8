import type { EventData } from '@ticketing/common';
import { composeMail, type Mail } from './compose-mail';
import { amountText, eventFacts, momentText, type PageUrls } from './wording';

/** To the seller, who learns nothing of the buyer. */
export const ticketSold = (order: EventData<'OrderCompleted'>, when: Date, pages: PageUrls): Mail =>
  composeMail({
    subject: `Sold: ${order.ticket.title}`,
    heading: 'Your ticket is sold',
    paragraphs: [`Somebody bought your ticket and has paid ${amountText(order.price)} for it.`],
    facts: [...eventFacts(order.ticket), ['Price', amountText(order.price)], ['Sold', momentText(when)]],
    links: [
      { text: 'See your ticket', url: pages.ticket(order.ticket.id) },
      { text: 'Check the e-ticket at the door', url: pages.door },
    ],
  });
