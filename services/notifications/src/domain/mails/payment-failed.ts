import type { EventData } from '@ticketing/common';
import { composeMail, type Mail } from './compose-mail';
import { amountText, eventFacts, type PageUrls } from './wording';

export const paymentFailed = (order: EventData<'OrderCancelled'>, pages: PageUrls): Mail =>
  composeMail({
    subject: `Your payment failed: ${order.ticket.title}`,
    heading: 'Your order was cancelled',
    paragraphs: [
      'The payment could not be taken, so your order was cancelled and the ticket is for sale again.',
      'You were not charged. If you still want it, order it again and pay with another card.',
    ],
    facts: [...eventFacts(order.ticket), ['Price', amountText(order.price)]],
    links: [{ text: 'See the ticket', url: pages.ticket(order.ticket.id) }],
  });
