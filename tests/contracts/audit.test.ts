// The auditor against what it reads: the records of orders and tickets as those services' own models write them, the real
// payments, and the Stripe simulator.
import { newId } from '@ticketing/common';
import { type TestDatabase, testDatabase } from '@ticketing/common/testing';
import { type OrderRecord, orderModel } from '../../services/orders/src/data/order-model';
import { readBooks } from '../../services/payments/src/audit/read-books';
import { stripeBooks } from '../../services/payments/src/audit/read-stripe';
import { type AuditOptions, auditOrder, runAudit } from '../../services/payments/src/audit/run-audit';
import {
  authorised,
  cancelOrder,
  captured,
  cards,
  confirm,
  opened,
  placeOrder,
  reconcileAfterMs,
  type StandInOrder,
  settle,
  sharedPayments,
} from '../../services/payments/test/start-payments';
import { type TicketRecord, ticketModel } from '../../services/tickets/src/data/ticket-model';

const running = sharedPayments();
jest.setTimeout(30_000);

let databases: { orders: TestDatabase; tickets: TestDatabase };
beforeAll(async () => {
  databases = { orders: await testDatabase(), tickets: await testDatabase() };
});
afterAll(() => Promise.all([databases.orders.close(), databases.tickets.close()]));

const orders = () => orderModel(databases.orders.connection);
const tickets = () => ticketModel(databases.tickets.connection);

/** An order as payments knows it, written as orders and tickets would have written it by now. */
async function write(order: StandInOrder): Promise<StandInOrder> {
  const now = running.dapr.clock.now();
  const price = order.price ?? 0;
  const ticketId = order.ticket?.id ?? newId();
  const isKept = order.status !== 'Cancelled';
  const sold = order.status === 'Completed';
  const record: Omit<OrderRecord, 'captureAskAt'> = {
    _id: order.id,
    userId: order.userId,
    ticketId,
    status: order.status,
    held: { title: 'Ada and the Engines', price, sellerId: newId() },
    expiresAt: new Date(order.expiresAt),
    createdAt: now,
    captureBegunAt: null,
    cancelReason: isKept ? null : 'CancelledByBuyer',
    version: 2,
    tombstone: false,
    outbox: [],
  };
  const ticket: Partial<TicketRecord> = {
    _id: ticketId,
    title: 'Ada and the Engines',
    price,
    userId: newId(),
    orderId: isKept ? order.id : null,
    sold,
    createdAt: now,
    version: 2,
  };
  await orders().create(record);
  await tickets().create(ticket);
  return order;
}

async function bought(): Promise<StandInOrder> {
  const order = placeOrder(running);
  await captured(running, order);
  order.status = 'Completed';
  running.dapr.clock.advance(reconcileAfterMs);
  await running.reconcile();
  return write(order);
}

async function cancelled(): Promise<StandInOrder> {
  const order = placeOrder(running);
  await authorised(running, order);
  await cancelOrder(running, order);
  return write(order);
}

const audit = (more: Partial<AuditOptions> = {}): AuditOptions => ({
  books: readBooks({
    payments: running.database.connection,
    orders: databases.orders.connection,
    tickets: databases.tickets.connection,
  }),
  stripe: stripeBooks(running.stripe),
  clock: running.dapr.clock,
  graceMs: 3_000,
  everyMs: 1,
  // Each look takes a second of the clock.
  progress: (text) => void (text.includes('looked at again') && running.dapr.clock.advance(1_000)),
  ...more,
});

const differences = async (options = audit()) => Object.fromEntries((await runAudit(options)).differences);

beforeEach(async () => {
  await Promise.all([databases.orders.clear(), databases.tickets.clear(), running.database.clear()]);
  const reset = await fetch(`${running.stripeUrl}/_admin/reset`, { method: 'POST' });
  expect(reset.status).toBe(200);
});

test('When all tell the same, then there is no difference, and the sums are those of the ledger', async () => {
  await bought();
  await bought();
  await cancelled();
  const declined = placeOrder(running);
  await confirm(running, await opened(running, declined), cards.declined);
  await settle(running, declined);
  await write(declined);
  expect(await runAudit(audit())).toEqual({
    orders: 4,
    payments: 4,
    intents: 4,
    underWay: 1,
    captured: 9000,
    refunded: 0,
    disputed: 0,
    differences: new Map(),
  });
});

test('When Stripe has more than a page of everything, then all of it is read', async () => {
  for (let n = 0; n < 120; n++) {
    await running.stripe.paymentIntents.create({
      amount: 4500,
      currency: 'usd',
      metadata: { orderId: newId() },
      payment_method: 'pm_card_visa',
      allowed_payment_method_types: ['card'],
      confirm: true,
      return_url: 'http://localhost/',
    });
  }
  await running.stripe.paymentIntents.create({
    amount: 4500,
    currency: 'usd',
    metadata: { basket: 'of another shop' },
  });
  const { intents, differences: found } = await runAudit(audit({ graceMs: 0 }));
  expect([intents, found.size]).toEqual([120, 120]);
});

test('When somebody takes an entry out of a ledger, then it is missed', async () => {
  const order = await bought();
  await running.model.collection.updateOne({ _id: order.id } as never, { $pop: { ledger: 1 } } as never);
  expect(await differences()).toEqual({
    [order.id]: [
      'The payment is captured, but the ledger comes to 0.00 USD taken.',
      'The payment is captured, but by the ledger 45.00 USD are still reserved.',
      expect.stringMatching(/^Stripe says that 45.00 USD were taken \(ch_\w+\); the ledger does not\.$/),
    ],
  });
});

test('When somebody gives a part back at Stripe, then that is told', async () => {
  const order = await bought();
  const [intent] = (await running.stripe.paymentIntents.list()).data;
  await running.stripe.refunds.create({ payment_intent: intent?.id ?? '', amount: 500 });
  expect(await differences()).toEqual({
    [order.id]: [
      expect.stringMatching(/^Stripe says that 5.00 USD were given back \(re_\w+\); the ledger does not\.$/),
    ],
  });
});

test('When a ticket is sold to an order that ended, or to one that never was, then both are told', async () => {
  const order = await cancelled();
  await tickets().updateOne({}, { orderId: order.id, sold: true });
  const stranger = newId();
  await tickets().create({
    _id: newId(),
    title: 'x',
    price: 4500,
    userId: newId(),
    orderId: stranger,
    createdAt: new Date(),
    version: 1,
  });
  expect(await differences()).toEqual({
    [order.id]: [expect.stringContaining('is sold to it')],
    [stranger]: [expect.stringContaining('There is no such order, but ticket')],
  });
});

test('When the databases are empty and Stripe is not, then that is told', async () => {
  const order = await bought();
  await Promise.all([databases.orders.clear(), databases.tickets.clear(), running.database.clear()]);
  expect(await differences()).toEqual({
    [order.id]: [expect.stringMatching(/no such order here, but pi_\w+ at Stripe/)],
  });
});

test('When something is under way at the first look and done at a later one, then it is no difference', async () => {
  const order = placeOrder(running);
  await captured(running, order);
  order.status = 'Capturing';
  await write(order);
  // Captured, and the order completed before the ticket has heard of it.
  await orders().updateOne({ _id: order.id }, { status: 'Completed' });
  let looks = 0;
  const options = audit({
    progress(text) {
      if (!text.includes('looked at again')) return;
      looks += 1;
      running.dapr.clock.advance(1_000);
      if (looks === 2) void tickets().updateOne({ orderId: order.id }, { sold: true }).exec();
    },
    everyMs: 200,
  });
  expect(await differences(options)).toEqual({});
  expect(looks).toBe(2);
});

describe('When one order is asked about', () => {
  const auditOne = (orderId: string, options = audit()) => auditOrder(options, orderId);

  test('then attempts that Stripe cancelled are looked at, too', async () => {
    const order = placeOrder(running);
    await authorised(running, order);
    const [first] = (await running.stripe.paymentIntents.list()).data;
    await running.stripe.paymentIntents.cancel(first?.id ?? '');
    await settle(running, order);
    const second = await opened(running, order);
    await confirm(running, second, cards.approved);
    await settle(running, order);
    order.status = 'Completed';
    await write(order);
    const { account, differences: found } = (await auditOne(order.id)) ?? {};
    expect(account?.intents.map(({ status }) => status).sort()).toEqual(['canceled', 'succeeded']);
    expect(account?.payment?.ledger.map(({ kind }) => kind)).toEqual([
      'authorised',
      'voided',
      'authorised',
      'captured',
    ]);
    expect([found, await differences()]).toEqual([[], {}]);
  });

  test('then a PaymentIntent that nobody here knows is found, as it is when all are', async () => {
    const order = await bought();
    await bought();
    await running.stripe.paymentIntents.create({
      amount: 4500,
      currency: 'usd',
      metadata: { orderId: order.id },
      allowed_payment_method_types: ['card'],
    });
    const { differences: found } = (await auditOne(order.id)) ?? {};
    expect(found?.join('\n')).toMatch(/^Stripe has 2 PaymentIntents that are not cancelled/);
    expect(await differences()).toEqual({ [order.id]: found });
  });

  test.each([
    ['only Stripe', () => databases.tickets.clear(), /There is no such order here, but pi_\w+ at Stripe/],
    [
      'a ticket, too,',
      async () => void (await tickets().updateMany({}, { sold: true })),
      /There is no such order, but ticket/,
    ],
  ])('and %s knows it, then that is told', async (_who, prepare, sentence) => {
    const order = await bought();
    await Promise.all([databases.orders.clear(), running.database.clear(), prepare()]);
    const { differences: found } = (await auditOne(order.id)) ?? {};
    expect(found?.join('\n')).toMatch(sentence);
  });

  test('and nobody knows it, then there is nothing to tell', async () => {
    await bought();
    expect(await auditOne(newId())).toBeUndefined();
  });

  test('and what differs is done at a later look, then it is no difference', async () => {
    const order = await bought();
    await tickets().updateOne({ orderId: order.id }, { sold: false });
    let looks = 0;
    const options = audit({
      async progress(text) {
        if (!text.includes('looked at again')) return;
        looks += 1;
        running.dapr.clock.advance(1_000);
        if (looks === 2) await tickets().updateOne({ orderId: order.id }, { sold: true });
      },
      everyMs: 200,
    });
    expect((await auditOne(order.id, options))?.differences).toEqual([]);
    expect(looks).toBe(2);
  });

  test('and it still differs when the grace is over, then that is told', async () => {
    const order = await bought();
    await tickets().updateOne({ orderId: order.id }, { sold: false });
    const begun = running.dapr.clock.now().getTime();
    expect((await auditOne(order.id))?.differences).toEqual([expect.stringContaining('is not sold to it')]);
    expect(running.dapr.clock.now().getTime() - begun).toBe(audit().graceMs);
  });
});
