import type { EventData } from '@ticketing/common';
import { composeMail, type Mail } from './compose-mail';
import { amountText, eventFacts, type PageUrls } from './wording';

export const holdExpired = (order: EventData<'OrderCancelled'>, pages: PageUrls): Mail =>
  composeMail({
    subject: `Your hold has ended: ${order.ticket.title}`,
    heading: 'Your hold has ended',
    paragraphs: [
      'The ticket was held for you, but was not paid for in time. It is for sale again.',
      'You were not charged. If you still want it, you can order it again while it is there.',
    ],
    facts: [...eventFacts(order.ticket), ['Price', amountText(order.price)]],
    links: [{ text: 'See the ticket', url: pages.ticket(order.ticket.id) }],
  });
