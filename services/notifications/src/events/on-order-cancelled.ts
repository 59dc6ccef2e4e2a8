import { type CancelReason, type EventData, OrderCancelled, onEvent } from '@ticketing/common';
import type { Post } from '../data/post-office';
import type { Mail } from '../domain/mails/compose-mail';
import { holdExpired } from '../domain/mails/hold-expired';
import { paymentFailed } from '../domain/mails/payment-failed';
import type { PageUrls } from '../domain/mails/wording';

type CancelMail = { name: string; write: (order: EventData<'OrderCancelled'>, pages: PageUrls) => Mail };

/** Who cancelled by themselves, or was told at once that the hold is not known, needs no mail. */
const mails: Record<CancelReason, CancelMail | undefined> = {
  Expired: { name: 'hold-expired', write: holdExpired },
  PaymentFailed: { name: 'payment-failed', write: paymentFailed },
  AuthorisationLapsed: { name: 'payment-failed', write: paymentFailed },
  CancelledByBuyer: undefined,
  HoldNotConfirmed: undefined,
};

export const onOrderCancelled = ({ post, pages }: { post: Post; pages: PageUrls }) =>
  onEvent(OrderCancelled, async (order) => {
    const mail = mails[order.reason];
    if (mail) await post(`${mail.name}:${order.id}`, order.userId, mail.write(order, pages));
  });
