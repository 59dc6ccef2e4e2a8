import { ChargeRefunded, onEvent } from '@ticketing/common';
import type { Post } from '../data/post-office';
import { chargeRefunded } from '../domain/mails/charge-refunded';
import type { PageUrls } from '../domain/mails/wording';

/** Once for each refund: one that came back from the bank is made again, days later, and is news again. */
export const onChargeRefunded = ({ post, pages }: { post: Post; pages: PageUrls }) =>
  onEvent(ChargeRefunded, (charge) =>
    post(`charge-refunded:${charge.id}:${charge.stripeRefundId}`, charge.userId, chargeRefunded(charge, pages)),
  );
