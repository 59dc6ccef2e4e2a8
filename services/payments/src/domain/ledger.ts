// The ledger: every movement of an order's money, in the order in which it became known. A movement is not recorded by
// whoever causes it, but read off the change that is being stored: docs/decisions/0015.
import { type Charge, type Dispute, isDecline, type Payment } from './payment';

export const movementKinds = [
  'authorised',
  'voided',
  'captured',
  'refunded',
  'refund_returned',
  'disputed',
  'dispute_won',
  'dispute_lost',
] as const;

/**
 * - `authorised`: a bank keeps the amount for us
 * - `voided`: what was authorised is let go
 * - `captured`: the money was taken
 * - `refunded`: given back
 * - `refund_returned`: what was given back did not arrive, and is with us again
 * - `disputed`: the buyer's bank took it back, until it has decided
 * - `dispute_won`: it has decided for us, and the money is with us again
 * - `dispute_lost`: it has decided against us; no money moves any more
 */
export type MovementKind = (typeof movementKinds)[number];

export interface Movement {
  /** Each is in the ledger once. */
  id: string;
  kind: MovementKind;
  /** Our charge. */
  chargeId: string;
  /** Stripe's refund or dispute where one is meant, else Stripe's charge. */
  stripeId: string;
  /** Minor units. */
  amount: number;
  currency: Payment['currency'];
}

export interface LedgerEntry extends Movement {
  /** When it was stored, together with the payment's own change. */
  at: Date;
}

/** What moved between a payment as it was read and as it is to be stored; nothing is read of one not written before. */
export function movementsBetween(before: Payment | null, after: Payment): Movement[] {
  return [...ofCharges(before, after), ...ofDisputes(before, after)];
}

function ofCharges(before: Payment | null, after: Payment): Movement[] {
  return after.charges.flatMap((charge) => {
    const was = before?.charges.find(({ id }) => id === charge.id);
    const stripeId = charge.stripeId ?? after.intentId;
    const entry = (kind: MovementKind, of: string | null): Movement[] =>
      of === null
        ? []
        : [
            {
              id: `${kind}:${of}`,
              kind,
              chargeId: charge.id,
              stripeId: of,
              amount: charge.amount,
              currency: after.currency,
            },
          ];
    const authorised = isAuthorised(charge) && !(was && isAuthorised(was));
    const voided = charge.status === 'Failed' && was?.status !== 'Failed' && (authorised || (was && isAuthorised(was)));
    const captured = charge.status === 'Completed' && was?.status !== 'Completed';
    const refundId = was?.stripeRefundId ?? null;
    const refundChanged = charge.stripeRefundId !== refundId;
    return [
      ...(authorised ? entry('authorised', stripeId) : []),
      ...(voided ? entry('voided', stripeId) : []),
      ...(captured ? entry('captured', stripeId) : []),
      ...(refundChanged ? [...entry('refund_returned', refundId), ...entry('refunded', charge.stripeRefundId)] : []),
    ];
  });
}

function ofDisputes(before: Payment | null, { disputes, charges, currency }: Payment): Movement[] {
  const chargeId = completedIn(charges);
  if (chargeId === undefined) return [];
  // Seen before its capture was: then it is booked with the capture.
  const booked = before && completedIn(before.charges) !== undefined ? before.disputes : [];
  return disputes.flatMap(({ stripeId, amount, status }) => {
    const was = booked.find((dispute) => dispute.stripeId === stripeId);
    const entry = (kind: MovementKind): Movement => ({
      id: `${kind}:${stripeId}`,
      kind,
      chargeId,
      stripeId,
      amount,
      currency,
    });
    return [...(was ? [] : [entry('disputed')]), ...(was?.status === status ? [] : endOf(status).map(entry))];
  });
}

const completedIn = (charges: readonly Charge[]) => charges.find(({ status }) => status === 'Completed')?.id;

const endOf = (status: Dispute['status']): MovementKind[] => (status === 'open' ? [] : [`dispute_${status}`]);

/** A bank has kept the amount for it, whatever became of that afterwards. */
const isAuthorised = (charge: Charge): boolean =>
  charge.status === 'Completed' || (charge.stripeId !== null && !isDecline(charge));

/** What the ledger comes to, in minor units. */
export interface Balance {
  /** Kept by a bank for us now. */
  authorised: number;
  /** Taken in all. */
  captured: number;
  /** Given back in all, less what came back. */
  refunded: number;
  /** Taken back by buyers' banks, for good or until they have decided. */
  disputed: number;
}

export function balanceOf(entries: readonly Movement[]): Balance {
  const sum = (kind: MovementKind) =>
    entries.filter((entry) => entry.kind === kind).reduce((total, { amount }) => total + amount, 0);
  return {
    authorised: sum('authorised') - sum('voided') - sum('captured'),
    captured: sum('captured'),
    refunded: sum('refunded') - sum('refund_returned'),
    disputed: sum('disputed') - sum('dispute_won'),
  };
}
