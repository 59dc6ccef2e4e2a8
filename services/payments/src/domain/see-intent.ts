import type { Intent, SeenCharge } from './intent';
import { newCharge } from './open-payment';
import {
  type Change,
  type Charge,
  type CloseReason,
  changed,
  chargeEvent,
  chargeFailed,
  isDecline,
  type Payment,
  type PaymentEvent,
  replaceCharge,
  unchanged,
  undecidedCharge,
} from './payment';
import { failedRefundSeen, refundSeen } from './refund-payment';
import { disputesSeen } from './see-disputes';

export interface DeclineRules {
  /** The decline that ends the payment. */
  maxDeclines: number;
}

/** What Stripe's word means for the payment. The same word again changes nothing. */
export function intentSeen(payment: Payment, intent: Intent, rules: DeclineRules): Change {
  if (intent.id !== payment.intentId) return unchanged(payment);
  const disputed = disputesSeen(payment, intent);
  if (disputed.payment !== payment) return disputed;
  switch (payment.state) {
    case 'open':
      return seenWhileOpen(payment, intent, rules);
    case 'capturing':
      return seenWhileCapturing(payment, intent);
    case 'closing':
      return seenWhileClosing(payment, intent);
    case 'captured':
    case 'refunding':
      return intent.refundId === null ? unchanged(payment) : refundSeen(payment, intent.refundId);
    case 'refunded':
      return failedRefundSeen(payment, intent);
    default:
      return unchanged(payment);
  }
}

function seenWhileOpen(payment: Payment, intent: Intent, { maxDeclines }: DeclineRules): Change {
  const { charges, declined } = recordCharges(payment, intent.charges);
  const declines = charges.filter(isDecline);
  const last = declines.length >= maxDeclines ? declines.at(-1) : undefined;
  const tellDeclines = (next: Payment) => declined.map((charge) => chargeFailed(next, charge, false));

  if (last) {
    return changed(payment, { state: 'closing', closeReason: 'declined', charges }, (next) => [
      ...declined.filter((charge) => charge !== last).map((charge) => chargeFailed(next, charge, false)),
      chargeFailed(next, last, true),
    ]);
  }
  if (intent.status === 'canceled') return lapse(payment, charges, tellDeclines);
  return charges === payment.charges ? unchanged(payment) : changed(payment, { charges }, tellDeclines);
}

function lapse(payment: Payment, charges: Charge[], tellDeclines: (next: Payment) => PaymentEvent[]): Change {
  const undecided = undecidedCharge(charges);
  if (!undecided) return changed(payment, { state: 'lapsed', charges }, tellDeclines);
  const canceled: Charge = { ...undecided, status: 'Failed', reason: 'canceled' };
  return changed(payment, { state: 'lapsed', charges: replaceCharge(charges, canceled) }, (next) => [
    ...tellDeclines(next),
    chargeFailed(next, canceled, false),
  ]);
}

function seenWhileCapturing(payment: Payment, intent: Intent): Change {
  if (intent.status === 'succeeded') return complete(payment, intent, 'captured');
  if (intent.status === 'canceled') return close({ ...payment, closeReason: 'authorisation_lapsed' }, intent);
  if (intent.status === 'requires_capture' || intent.status === 'processing') return unchanged(payment);
  // Stripe took the authorisation back: nothing can be captured, and no other card may slip in.
  return changed(payment, { state: 'closing', closeReason: 'authorisation_lapsed' });
}

function seenWhileClosing(payment: Payment, intent: Intent): Change {
  if (intent.status === 'canceled') return close(payment, intent);
  if (intent.status === 'succeeded') return complete(payment, intent, 'refunding');
  // What a card came to meanwhile is noted before it is undone.
  const { charges, declined } = recordCharges(payment, intent.charges);
  if (charges === payment.charges) return unchanged(payment);
  return changed(payment, { charges }, (next) => declined.map((charge) => chargeFailed(next, charge, true)));
}

function complete(payment: Payment, intent: Intent, state: 'captured' | 'refunding'): Change {
  const { charges, declined } = recordCharges(payment, intent.charges);
  const undecided = undecidedCharge(charges);
  const completed: Charge | undefined = undecided && { ...undecided, status: 'Completed' };
  return changed(payment, { state, charges: completed ? replaceCharge(charges, completed) : charges }, (next) => [
    ...declined.map((charge) => chargeFailed(next, charge, false)),
    ...(completed ? [chargeEvent('ChargeCompleted', next, completed)] : []),
  ]);
}

function close(payment: Payment, intent: Intent): Change {
  const { charges, declined } = recordCharges(payment, intent.charges);
  const undecided = undecidedCharge(charges);
  const ended: Charge | undefined = undecided && {
    ...undecided,
    status: 'Failed',
    reason: reasonOfEnd(undecided, payment.closeReason),
  };
  return changed(
    payment,
    { state: 'closed', closeReason: payment.closeReason, charges: ended ? replaceCharge(charges, ended) : charges },
    (next) => [
      ...declined.map((charge) => chargeFailed(next, charge, true)),
      ...(ended ? [chargeFailed(next, ended, true)] : []),
    ],
  );
}

const reasonOfEnd = ({ stripeId }: Charge, closeReason: CloseReason | null): string => {
  if (closeReason === 'authorisation_lapsed') return closeReason;
  return stripeId === null ? 'closed' : 'voided';
};

interface Recorded {
  /** The very array that was given when nothing is new. */
  charges: Charge[];
  /** Those that are newly known to be declined. */
  declined: Charge[];
}

/** Each charge of Stripe's becomes one of ours, once: by its id, whatever was seen before, and how often. */
export function recordCharges(payment: Payment, seen: readonly SeenCharge[]): Recorded {
  let { charges } = payment;
  const declined: Charge[] = [];
  for (const { stripeId, declined: isDeclined, reason } of seen) {
    const known = charges.find((charge) => charge.stripeId === stripeId);
    if (known && (known.status !== 'Created' || !isDeclined)) continue;
    const waiting = known ?? charges.find((charge) => charge.stripeId === null && charge.status === 'Created');
    const slot = waiting ?? newCharge(payment._id, charges.length + 1, payment.amount);
    const charge: Charge = isDeclined
      ? { ...slot, stripeId, status: 'Failed', reason: reason ?? 'card_declined' }
      : { ...slot, stripeId };
    charges = waiting ? replaceCharge(charges, charge) : [...charges, charge];
    if (isDeclined) declined.push(charge);
  }
  return { charges, declined };
}
