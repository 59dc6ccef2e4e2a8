import type { EventData } from '@ticketing/common';
import { composeMail, type Mail } from './compose-mail';
import { amountText, type PageUrls } from './wording';

export const chargeRefunded = (charge: EventData<'ChargeRefunded'>, pages: PageUrls): Mail =>
  composeMail({
    subject: `Your refund of ${amountText(charge.amount)}`,
    heading: 'Your money is on its way back',
    paragraphs: [
      'We refunded your payment. Your bank may take five to ten days to show it.',
      'If you had an e-ticket of this order, it is no longer valid.',
    ],
    facts: [
      ['Amount', amountText(charge.amount)],
      ['Order', charge.orderId],
    ],
    links: [{ text: 'See your order', url: pages.order(charge.orderId) }],
  });
