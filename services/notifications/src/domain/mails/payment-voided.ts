import type { EventData } from '@ticketing/common';
import { composeMail, type Mail } from './compose-mail';
import { amountText, type PageUrls } from './wording';

/** The card was authorised, but the order had ended: the buyer may see the amount reserved and must know why. */
export const paymentVoided = (charge: EventData<'ChargeFailed'>, pages: PageUrls): Mail =>
  composeMail({
    subject: 'You were not charged',
    heading: 'You were not charged',
    paragraphs: [
      'Your order had ended before your payment was complete, so we gave up the payment.',
      'Your bank may show the amount as reserved for a few days. It will not be taken.',
    ],
    facts: [
      ['Amount', amountText(charge.amount)],
      ['Order', charge.orderId],
    ],
    links: [{ text: 'See your order', url: pages.order(charge.orderId) }],
  });
