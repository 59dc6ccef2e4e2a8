import { type Change, changed, type Payment, unchanged } from './payment';

/** The order is cancelled: nothing may be captured any more, and what was captured is given back. */
export function orderCancelled(payment: Payment): Change {
  switch (payment.state) {
    case 'captured':
      return changed(payment, { state: 'refunding' });
    case 'opening':
    case 'open':
    case 'capturing':
      return changed(payment, { state: 'closing', closeReason: 'order_cancelled' });
    case 'lapsed':
      return changed(payment, { state: 'closed', closeReason: 'order_cancelled' });
    default:
      return unchanged(payment);
  }
}

/** Orders has completed the order: a captured payment is at its end. */
export const orderCompleted = (payment: Payment): Change =>
  payment.state === 'captured' && !payment.orderCompleted
    ? changed(payment, { orderCompleted: true })
    : unchanged(payment);

/** What orders answered when asked to begin capture. Both answers stand for good; only an open payment asks. */
export function captureAnswered(payment: Payment, granted: boolean): Change {
  if (payment.state !== 'open') return unchanged(payment);
  return granted
    ? changed(payment, { state: 'capturing' })
    : changed(payment, { state: 'closing', closeReason: 'refused_by_orders' });
}

/**
 * The order captures for long, and there is no authorisation: Stripe lost it between our question and our note of the
 * answer. Closed, so that the order can end.
 */
export function nothingAuthorised(payment: Payment): Change {
  if (payment.state === 'lapsed') return changed(payment, { state: 'closed', closeReason: 'authorisation_lapsed' });
  if (payment.state !== 'opening' && payment.state !== 'open') return unchanged(payment);
  return changed(payment, { state: 'closing', closeReason: 'authorisation_lapsed' });
}
