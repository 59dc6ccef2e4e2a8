import { ChargeFailed, onEvent } from '@ticketing/common';
import type { Post } from '../data/post-office';
import { paymentVoided } from '../domain/mails/payment-voided';
import type { PageUrls } from '../domain/mails/wording';

/**
 * Only a voided authorisation has a mail of its own. A decline is seen in the browser and may be tried again; the final
 * one cancels the order, and that mail knows the ticket; a payment that was closed before anything happened is no news.
 */
export const onChargeFailed = ({ post, pages }: { post: Post; pages: PageUrls }) =>
  onEvent(ChargeFailed, async (charge) => {
    if (!charge.final || charge.reason !== 'voided') return;
    await post(`payment-voided:${charge.id}`, charge.userId, paymentVoided(charge, pages));
  });
