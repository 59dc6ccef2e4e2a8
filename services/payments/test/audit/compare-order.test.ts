import type { OrderAccount, StripeIntent } from '../../src/audit/books';
import { describeLedger, differencesOf } from '../../src/audit/compare-order';
import type { PaymentRecord } from '../../src/data/payment-model';
import type { LedgerEntry, MovementKind } from '../../src/domain/ledger';

const now = new Date('2026-11-21T12:00:00.000Z');
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
const orderId = 'a'.repeat(24);
const ticketId = 'b'.repeat(24);

const entry = (kind: MovementKind, stripeId = 'ch_1', amount = 4500): LedgerEntry => ({
  id: `${kind}:${stripeId}`,
  kind,
  chargeId: 'c'.repeat(24),
  stripeId,
  amount,
  currency: 'usd',
  at: now,
});

const payment = (fields: Partial<PaymentRecord>): PaymentRecord => ({
  _id: orderId,
  userId: 'd'.repeat(24),
  amount: 4500,
  currency: 'usd',
  state: 'captured',
  attempt: 1,
  tries: 0,
  openedAt: minutes(-5),
  intentId: 'pi_1',
  charges: [],
  closeReason: null,
  refundFailures: 0,
  refundFailure: null,
  orderCompleted: true,
  refundStands: false,
  disputes: [],
  version: 4,
  visits: 0,
  outbox: [],
  ledger: [entry('authorised'), entry('captured')],
  ...fields,
});

const charge = {
  id: 'ch_1',
  approved: true,
  amount: 4500,
  captured: true,
  amountCaptured: 4500,
  refunds: [],
  disputes: [],
};
const intent = (fields: Partial<StripeIntent> = {}): StripeIntent => ({
  id: 'pi_1',
  orderId,
  status: 'succeeded',
  amount: 4500,
  currency: 'usd',
  charges: [charge],
  ...fields,
});
const order = {
  _id: orderId,
  ticketId,
  status: 'Completed' as const,
  held: { price: 4500 },
  expiresAt: minutes(10),
  createdAt: minutes(-5),
  captureBegunAt: minutes(-4),
};
const ticket = { _id: ticketId, orderId, sold: true, deleted: false, price: 4500 };

/** A ticket that was bought. */
const bought: OrderAccount = {
  orderId,
  order,
  ticket,
  claimedBy: [ticket],
  payment: payment({}),
  intents: [intent()],
};

const freed = { ...ticket, orderId: null, sold: false };
/** An order that ended before a card was confirmed. */
const ended: OrderAccount = {
  orderId,
  order: { ...order, status: 'Cancelled', captureBegunAt: null },
  ticket: freed,
  claimedBy: [],
  payment: payment({ state: 'closed', ledger: [] }),
  intents: [intent({ status: 'canceled', charges: [] })],
};

const held = { ...ticket, sold: false };
/** An order whose buyer is about to pay. */
const awaiting: OrderAccount = {
  orderId,
  order: { ...order, status: 'AwaitingPayment', captureBegunAt: null },
  ticket: held,
  claimedBy: [held],
  payment: payment({ state: 'open', ledger: [] }),
  intents: [intent({ status: 'requires_payment_method', charges: [] })],
};

const refundedAt = minutes(-1);
/** An e-ticket that is void, as everybody knows. */
const voided = {
  order: { ...order, refundedAt },
  ticket: { ...ticket, refunded: { orderId, at: refundedAt } },
};
const refunded = [{ id: 're_1', amount: 4500, failed: false }];
const givenBack = [entry('authorised'), entry('captured'), entry('refunded', 're_1')];
const released = { ...charge, captured: false, amountCaptured: 0, refunds: refunded };
const failedRefund = { id: 're_1', amount: 4500, failed: true };

/** What Stripe knows of an order that nobody else does. */
const unknown: OrderAccount = { ...bought, order: null, ticket: null, claimedBy: [], payment: null };

const dispute = { id: 'du_1', amount: 4500, status: 'won' as const };

const compare = (account: OrderAccount) => differencesOf(account, { now, graceMs: 60_000 });

const agreeing: Record<string, OrderAccount> = {
  'a ticket is bought': bought,
  'an order ended unpaid': ended,
  'an order was cancelled before there was a payment': { ...ended, payment: null, intents: [] },
  'a hold was never written': { ...ended, order: { ...order, status: 'Cancelled', held: null }, ticket: null },
  'an authorisation was let go': {
    ...ended,
    payment: payment({ state: 'closed', ledger: [entry('authorised'), entry('voided')] }),
    intents: [intent({ status: 'canceled', charges: [released] })],
  },
  'a buyer is about to pay': awaiting,
  'a card was approved a moment ago': {
    ...awaiting,
    intents: [intent({ status: 'requires_capture', charges: [{ ...released, refunds: [] }] })],
  },
  'an order that a restored backup does not know has had its money back': {
    ...unknown,
    intents: [
      intent({ charges: [{ ...charge, refunds: refunded }] }),
      intent({ id: 'pi_2', status: 'canceled', charges: [] }),
    ],
  },
  'a payment that a restored backup does not know has been given back by hand': {
    ...ended,
    payment: payment({ state: 'closed', intentId: null, ledger: [] }),
    intents: [intent({ charges: [{ ...charge, refunds: refunded }] })],
  },
  'an operator refunded a completed order': {
    ...bought,
    ...voided,
    payment: payment({ state: 'refunded', ledger: givenBack }),
    intents: [intent({ charges: [{ ...charge, refunds: refunded }] })],
  },
  'a buyer disputed a charge, and his bank decided': {
    ...bought,
    payment: payment({
      ledger: [entry('authorised'), entry('captured'), entry('disputed', 'du_1'), entry('dispute_won', 'du_1')],
    }),
    intents: [intent({ charges: [{ ...charge, disputes: [dispute] }] })],
  },
  'a refund came back and was made again': {
    ...bought,
    ...voided,
    payment: payment({
      state: 'refunded',
      ledger: [...givenBack, entry('refund_returned', 're_1'), entry('refunded', 're_2')],
    }),
    intents: [
      intent({ charges: [{ ...charge, refunds: [failedRefund, { id: 're_2', amount: 4500, failed: false }] }] }),
    ],
  },
};

test.each(Object.entries(agreeing))('When %s and all tell the same, then there is no difference', (_what, account) => {
  expect(compare(account)).toEqual([]);
});

const differing: Record<string, [OrderAccount, RegExp]> = {
  'the ledger lost a capture': [
    { ...bought, payment: payment({ ledger: [entry('authorised')] }) },
    /taken \(ch_1\); the ledger does not/,
  ],
  'the ledger has one that never was': [
    { ...ended, payment: payment({ state: 'closed', ledger: [entry('authorised'), entry('voided')] }) },
    /The ledger says that 45.00 USD were reserved \(ch_1\); Stripe does not/,
  ],
  'the ledger has an entry twice': [
    { ...bought, payment: payment({ ledger: [entry('authorised'), entry('captured'), entry('captured')] }) },
    /captured:ch_1 twice/,
  ],
  'another amount was taken': [
    { ...bought, intents: [intent({ charges: [{ ...charge, amountCaptured: 4400 }] })] },
    /Stripe says that 44.00 USD were taken.*ledger says 45.00/,
  ],
  'money was given back at Stripe in part': [
    {
      ...bought,
      intents: [intent({ charges: [{ ...charge, refunds: [{ id: 're_9', amount: 100, failed: false }] }] })],
    },
    /1.00 USD were given back \(re_9\); the ledger does not/,
  ],
  'a refund failed at the bank and nobody noticed': [
    {
      ...bought,
      payment: payment({ state: 'refunded', ledger: givenBack }),
      intents: [intent({ charges: [{ ...charge, refunds: [failedRefund] }] })],
    },
    /The ledger says that 45.00 USD were given back \(re_1\); Stripe does not/,
  ],
  'orders did not hear of a refund': [
    {
      ...bought,
      payment: payment({ state: 'refunded', ledger: givenBack }),
      intents: [intent({ charges: [{ ...charge, refunds: refunded }] })],
    },
    /^Its money was given back, but orders does not know: its e-ticket can still be fetched.$/,
  ],
  'the ticket did not hear of a refund': [
    {
      ...bought,
      order: voided.order,
      payment: payment({ state: 'refunded', ledger: givenBack }),
      intents: [intent({ charges: [{ ...charge, refunds: refunded }] })],
    },
    /^It is refunded, but ticket b+ does not know: its e-ticket still lets in.$/,
  ],
  'an e-ticket is void for a refund that was none': [
    { ...bought, ...voided },
    /^It is refunded since 2026-11-21T11:59:00.000Z, but its money was not given back.$/,
  ],
  'a ticket takes for refunded what is not': [
    { ...bought, ticket: voided.ticket },
    /^Ticket b+ takes it for refunded, but it is not.$/,
  ],
  'nobody heard of a dispute': [
    { ...bought, intents: [intent({ charges: [{ ...charge, disputes: [{ ...dispute, status: 'open' }] }] })] },
    /45.00 USD were taken back by the buyer’s bank, as disputed \(du_1\); the ledger does not/,
  ],
  'nobody heard how a dispute ended': [
    {
      ...bought,
      payment: payment({ ledger: [entry('authorised'), entry('captured'), entry('disputed', 'du_1')] }),
      intents: [intent({ charges: [{ ...charge, disputes: [{ ...dispute, status: 'lost' }] }] })],
    },
    /45.00 USD were lost with the dispute \(du_1\); the ledger does not/,
  ],
  'Stripe lost the payment': [{ ...bought, intents: [] }, /Stripe does not know pi_1/],
  'a second card was charged': [
    { ...bought, intents: [intent(), intent({ id: 'pi_2', charges: [{ ...charge, id: 'ch_2' }] })] },
    /2 PaymentIntents that are not cancelled/,
  ],
  'a cancelled order was charged': [
    { ...bought, order: { ...order, status: 'Cancelled' }, ticket: freed, claimedBy: [] },
    /It is cancelled, but its money was taken/,
  ],
  'a cancelled order can still be paid': [
    { ...ended, intents: [intent({ status: 'requires_payment_method', charges: [] })] },
    /still open at Stripe/,
  ],
  'a completed order was not paid': [{ ...bought, payment: null, intents: [] }, /completed, but has no payment/],
  'a completed order has no ticket': [{ ...bought, ticket: freed, claimedBy: [] }, /is not sold to it/],
  'a cancelled order keeps its ticket': [{ ...ended, ticket: held, claimedBy: [held] }, /is held for it/],
  'a hold was lost': [{ ...awaiting, ticket: freed, claimedBy: [] }, /is not held for it/],
  'a held price changed': [
    { ...awaiting, ticket: { ...held, price: 9900 } },
    /costs 99.00 USD, but was held at 45.00 USD/,
  ],
  'another price was paid': [
    { ...bought, order: { ...order, held: { price: 4600 } } },
    /payment is of 45.00 USD, but the order of 46.00 USD/,
  ],
  'two tickets are kept for it': [
    { ...bought, claimedBy: [ticket, { ...ticket, _id: 'e'.repeat(24) }] },
    /but it is an order for ticket b/,
  ],
  'nobody knows the order': [{ ...bought, order: null, ticket: null }, /There is no such order, but a payment/],
  'only Stripe knows that the order was paid': [
    { ...ended, payment: payment({ state: 'closed', intentId: null, ledger: [] }), intents: [intent()] },
    /Stripe says that 45.00 USD were taken \(ch_1\); the ledger does not/,
  ],
  'only Stripe knows the order': [unknown, /There is no such order here, but pi_1 at Stripe/],
  'of an order that only Stripe knows a part was given back': [
    {
      ...unknown,
      intents: [intent({ charges: [{ ...charge, refunds: [{ id: 're_1', amount: 100, failed: false }] }] })],
    },
    /There is no such order here, but pi_1 at Stripe \(succeeded\)/,
  ],
  'giving back the money of an order that only Stripe knows has failed': [
    { ...unknown, intents: [intent({ charges: [{ ...charge, refunds: [failedRefund] }] })] },
    /There is no such order here, but pi_1 at Stripe \(succeeded\)/,
  ],
  'money is to be given back': [
    { ...bought, payment: payment({ state: 'refunding', refundFailures: 2, refundFailure: 'no' }) },
    /still to be given back. That failed 2 times, the last time: no/,
  ],
  'a hold never ends': [
    { ...awaiting, order: { ...order, status: 'AwaitingPayment', expiresAt: minutes(-1) } },
    /its time ended/,
  ],
  'a capture never ends': [{ ...awaiting, order: { ...order, status: 'Capturing' } }, /being captured since/],
  'a hold stays unknown': [
    { ...awaiting, order: { ...order, status: 'Created', held: null }, ticket: freed, claimedBy: [] },
    /nobody has found out/,
  ],
};

test.each(Object.entries(differing))('When %s, then the difference is told', (_what, [account, sentence]) => {
  expect(compare(account).join('\n')).toMatch(sentence);
});

test('When a person asks for a ledger, then each entry is a line', () => {
  expect(describeLedger(givenBack)).toEqual([
    '2026-11-21T12:00:00.000Z  45.00 USD reserved (ch_1)',
    '2026-11-21T12:00:00.000Z  45.00 USD taken (ch_1)',
    '2026-11-21T12:00:00.000Z  45.00 USD given back (re_1)',
  ]);
});
