// Whether everybody tells the same story about the money of an order: the ledger, the payment, the order, the ticket and
// Stripe. Pure. Each difference is a sentence that begins with what it is about; an order that is being paid in time has
// none. Something that has just happened may not have reached everybody: who calls looks again before it is believed.
import { balanceOf, type LedgerEntry } from '../domain/ledger';
import type { Payment } from '../domain/payment';
import { moneyText } from '../money-text';
import type { OrderAccount, StripeCharge, StripeDispute, StripeIntent } from './books';

export interface Moment {
  now: Date;
  /** How long a capture, or a hold that is not known, may take. */
  graceMs: number;
}

export const differencesOf = (account: OrderAccount, moment: Moment): string[] => [
  ...ofOrder(account, moment),
  ...ofTicket(account),
  ...ofPayment(account),
  ...ofRefund(account),
  ...ofStripe(account, moment),
];

function ofOrder({ order, payment, claimedBy, intents }: OrderAccount, { now, graceMs }: Moment): string[] {
  const isOlder = (date: Date | null) => date !== null && now.getTime() - date.getTime() > graceMs;
  if (!order) {
    return [
      ...(payment ? [`There is no such order, but a payment of it (${payment.state}).`] : []),
      ...claimedBy.map(({ _id }) => `There is no such order, but ticket ${_id} is kept for it.`),
      ...(payment
        ? []
        : intents
            .filter((intent) => !isOver(intent))
            .map(({ id, status }) => `There is no such order here, but ${id} at Stripe (${status}).`)),
    ];
  }
  switch (order.status) {
    case 'Created':
      return isOlder(order.createdAt)
        ? [`Since ${time(order.createdAt)} nobody has found out whether its ticket is held.`]
        : [];
    case 'AwaitingPayment':
      return order.expiresAt < now ? [`It awaits payment, though its time ended ${time(order.expiresAt)}.`] : [];
    case 'Capturing':
      return isOlder(order.captureBegunAt) ? [`It is being captured since ${time(order.captureBegunAt)}.`] : [];
    default:
      return [];
  }
}

/** Nothing was taken and nothing can be, or all of it is back: as an order should be that a restored backup does not know. */
const isOver = (intent: StripeIntent): boolean => intent.status === 'canceled' || isGivenBack(intent);

function isGivenBack({ status, charges }: StripeIntent): boolean {
  const refunds = charges.flatMap((charge) => charge.refunds.filter(({ failed }) => !failed));
  const back = refunds.reduce((sum, { amount }) => sum + amount, 0);
  const taken = charges.reduce((sum, { captured, amountCaptured }) => sum + (captured ? amountCaptured : 0), 0);
  return status === 'succeeded' && taken > 0 && taken === back;
}

function ofTicket({ orderId, order, ticket, claimedBy }: OrderAccount): string[] {
  if (!order) return [];
  const { status, ticketId, held } = order;
  const isLive = status === 'AwaitingPayment' || status === 'Capturing';
  const others = claimedBy.filter(({ _id }) => _id !== ticketId);
  const found = others.map(({ _id }) => `Ticket ${_id} is kept for it, but it is an order for ticket ${ticketId}.`);
  const mine = ticket?.orderId === orderId;
  if (isLive && !mine) found.push(`It is to be paid, but ticket ${ticketId} is not held for it.`);
  if (status === 'Completed' && !(mine && ticket.sold))
    found.push(`It is completed, but ticket ${ticketId} is not sold to it.`);
  if (status === 'Cancelled' && mine)
    found.push(`It is cancelled, but ticket ${ticketId} is ${ticket.sold ? 'sold to' : 'held for'} it.`);
  if (isLive && mine && ticket.sold) found.push(`Ticket ${ticketId} is sold to it, but it is ${status}.`);
  if (mine && ticket.deleted) found.push(`Ticket ${ticketId} is deleted, though it is kept for it.`);
  if (mine && status !== 'Cancelled' && held && ticket.price !== held.price)
    found.push(`Ticket ${ticketId} costs ${moneyText(ticket.price)}, but was held at ${moneyText(held.price)}.`);
  return found;
}

const settledStates: Payment['state'][] = ['captured', 'refunding', 'refunded'];

function ofPayment({ order, payment }: OrderAccount): string[] {
  if (!payment) return order?.status === 'Completed' ? ['It is completed, but has no payment.'] : [];
  const { state, amount, refundFailures, refundFailure } = payment;
  const found = ofBalance(payment);
  if (state === 'refunding') {
    const trouble =
      refundFailures > 0
        ? ` That failed ${refundFailures === 1 ? 'once' : `${refundFailures} times`}, the last time: ${refundFailure}`
        : '';
    found.push(`${moneyText(amount)} are still to be given back.${trouble}`);
  }
  if (!order) return found;
  if (order.held && order.held.price !== amount && state !== 'closed')
    found.push(`The payment is of ${moneyText(amount)}, but the order of ${moneyText(order.held.price)}.`);
  const isSettled = settledStates.includes(state);
  if (order.status === 'Completed' && !isSettled) found.push(`It is completed, but its payment is ${state}.`);
  if (order.status === 'Cancelled' && state === 'captured')
    found.push('It is cancelled, but its money was taken and is not given back.');
  if (order.status === 'Cancelled' && !isSettled && state !== 'closed')
    found.push(`It is cancelled, but its payment is still ${state}.`);
  if (order.status === 'AwaitingPayment' && (isSettled || state === 'capturing' || state === 'closed'))
    found.push(`It awaits payment, but its payment is ${state}.`);
  return found;
}

/** Whether order and ticket know that the e-ticket is void, and of no refund that was none. */
function ofRefund({ order, ticket, payment }: OrderAccount): string[] {
  if (order?.status !== 'Completed' || !payment) return [];
  const { refundedAt, ticketId } = order;
  const isVoid = ticket?.refunded?.orderId === order._id;
  const found: string[] = [];
  if (payment.state === 'refunded' && !refundedAt)
    found.push('Its money was given back, but orders does not know: its e-ticket can still be fetched.');
  // A refund that came back is given again: the e-ticket stays void meanwhile.
  if (payment.state === 'captured' && refundedAt)
    found.push(`It is refunded since ${time(refundedAt)}, but its money was not given back.`);
  if (refundedAt && !isVoid)
    found.push(`It is refunded, but ticket ${ticketId} does not know: its e-ticket still lets in.`);
  if (!refundedAt && isVoid) found.push(`Ticket ${ticketId} takes it for refunded, but it is not.`);
  return found;
}

/** Whether the ledger comes to what the payment says of itself. */
function ofBalance({ state, amount, ledger, currency }: Payment & { ledger: LedgerEntry[] }): string[] {
  const found = ledger
    .filter((entry, index) => ledger.findIndex(({ id }) => id === entry.id) !== index)
    .map(({ id }) => `The ledger has ${id} twice.`);
  found.push(
    ...ledger
      .filter((entry) => entry.currency !== currency)
      .map(({ id }) => `The ledger has ${id} in another currency.`),
  );
  const { captured, refunded, authorised } = balanceOf(ledger);
  const taken = settledStates.includes(state) ? amount : 0;
  const back = state === 'refunded' ? amount : 0;
  if (captured !== taken) found.push(`The payment is ${state}, but the ledger comes to ${moneyText(captured)} taken.`);
  if (refunded !== back)
    found.push(`The payment is ${state}, but the ledger comes to ${moneyText(refunded)} given back.`);
  const isEnded = settledStates.includes(state) || state === 'closed' || state === 'lapsed';
  if (isEnded && authorised !== 0)
    found.push(`The payment is ${state}, but by the ledger ${moneyText(authorised)} are still reserved.`);
  return found;
}

function ofStripe({ order, payment, intents }: OrderAccount, { now }: Moment): string[] {
  const isBeingPaid = order?.status === 'AwaitingPayment' && order.expiresAt >= now;
  const found: string[] = [];
  if (payment?.intentId && !intents.some(({ id }) => id === payment.intentId))
    found.push(`Stripe does not know ${payment.intentId}.`);
  const standing = intents.filter(({ status }) => status !== 'canceled');
  if (standing.length > 1)
    found.push(
      `Stripe has ${standing.length} PaymentIntents that are not cancelled: ${standing.map(({ id }) => id).join(', ')}.`,
    );
  for (const { id, status, amount, currency } of standing) {
    if (payment && (amount !== payment.amount || currency !== payment.currency))
      found.push(
        `${id} is of ${moneyText(amount, currency)} at Stripe, but the payment of ${moneyText(payment.amount, payment.currency)}.`,
      );
    if (order && status !== 'succeeded' && (order.status === 'Completed' || order.status === 'Cancelled'))
      found.push(`It is ${order.status.toLowerCase()}, but ${id} is still open at Stripe (${status}).`);
  }
  if (!payment) return found;
  // Opened after the moment that a restored backup is of, paid, and given back by hand: nobody here has heard of it.
  const isUnheardOf = (intent: StripeIntent) =>
    intent.id !== payment.intentId &&
    isGivenBack(intent) &&
    !intent.charges.some((charge) => payment.ledger.some(({ id }) => id === `captured:${charge.id}`));
  const heardOf = intents.filter((intent) => !isUnheardOf(intent));
  return [...found, ...ofMovements(payment.ledger, heardOf, isBeingPaid)];
}

interface Said {
  id: string;
  what: string;
  amount: number;
}

/** Entry by entry: what the ledger has and Stripe does not, and the other way round. */
function ofMovements(ledger: readonly LedgerEntry[], intents: readonly StripeIntent[], isBeingPaid: boolean): string[] {
  const said = new Map(
    intents.flatMap((intent) => intent.charges.flatMap((charge) => saidOf(charge, intent))).map((one) => [one.id, one]),
  );
  const booked = new Map(ledger.map((entry) => [entry.id, entry]));
  const found: string[] = [];
  for (const { id, what, amount } of said.values()) {
    const entry = booked.get(id);
    // A card that was approved a moment ago: settling it tells the ledger.
    if (!entry && isBeingPaid && id.startsWith('authorised:')) continue;
    if (!entry) found.push(`Stripe says that ${moneyText(amount)} were ${what}; the ledger does not.`);
    else if (entry.amount !== amount)
      found.push(`Stripe says that ${moneyText(amount)} were ${what}; the ledger says ${moneyText(entry.amount)}.`);
  }
  for (const { id, kind, stripeId, amount } of booked.values()) {
    if (said.has(id)) continue;
    // A refund that came back was made before.
    const cameBack = kind === 'refunded' && booked.has(`refund_returned:${stripeId}`);
    const isKnown = kind === 'refund_returned' || cameBack ? failedRefunds(intents).has(stripeId) : false;
    if (!isKnown)
      found.push(`The ledger says that ${moneyText(amount)} were ${words[kind]} (${stripeId}); Stripe does not.`);
  }
  return found;
}

const words: Record<LedgerEntry['kind'], string> = {
  authorised: 'reserved',
  voided: 'let go',
  captured: 'taken',
  refunded: 'given back',
  refund_returned: 'sent back by the bank',
  disputed: 'taken back by the buyer’s bank, as disputed',
  dispute_won: 'ours again, as the dispute was won',
  dispute_lost: 'lost with the dispute',
};

function saidOf(charge: StripeCharge, { status }: StripeIntent): Said[] {
  if (!charge.approved) return [];
  const { id, amount } = charge;
  const reserved = { id: `authorised:${id}`, what: `reserved (${id})`, amount };
  if (!charge.captured) {
    return status === 'canceled' || charge.refunds.length > 0
      ? [reserved, { id: `voided:${id}`, what: `let go (${id})`, amount }]
      : [reserved];
  }
  return [
    reserved,
    { id: `captured:${id}`, what: `taken (${id})`, amount: charge.amountCaptured },
    ...charge.refunds
      .filter(({ failed }) => !failed)
      .map((refund) => ({ id: `refunded:${refund.id}`, what: `given back (${refund.id})`, amount: refund.amount })),
    ...charge.disputes.flatMap(saidOfDispute),
  ];
}

function saidOfDispute({ id, amount, status }: StripeDispute): Said[] {
  const said = (kind: LedgerEntry['kind']): Said => ({ id: `${kind}:${id}`, what: `${words[kind]} (${id})`, amount });
  return [said('disputed'), ...(status === 'open' ? [] : [said(`dispute_${status}`)])];
}

const failedRefunds = (intents: readonly StripeIntent[]): Set<string> =>
  new Set(
    intents.flatMap(({ charges }) =>
      charges.flatMap(({ refunds }) => refunds.filter(({ failed }) => failed).map(({ id }) => id)),
    ),
  );

const time = (date: Date | null): string => date?.toISOString() ?? 'never';

/** The ledger of an order, for a person. */
export const describeLedger = (ledger: readonly LedgerEntry[]): string[] =>
  ledger.map(
    ({ at, amount, currency, kind, stripeId }) =>
      `${at.toISOString()}  ${moneyText(amount, currency)} ${words[kind]} (${stripeId})`,
  );
