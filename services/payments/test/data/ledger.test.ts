// The ledger on a real database: what is written there, by which writes, and what breaks without the guard.
import type { LedgerEntry } from '../../src/domain/ledger';
import {
  authorised,
  cancelOrder,
  captured,
  cards,
  confirm,
  intentOf,
  opened,
  placeOrder,
  reconcileAfterMs,
  type StandInOrder,
  settle,
  sharedPayments,
  stored,
  tellCancelled,
} from '../start-payments';

const running = sharedPayments({ webhooks: true });
jest.setTimeout(30_000);

const ledgerOf = async (order: StandInOrder): Promise<LedgerEntry[]> => (await stored(running, order)).ledger;
const kindsOf = async (order: StandInOrder) => (await ledgerOf(order)).map(({ kind }) => kind);
const stripeChargeOf = async (order: StandInOrder) => String((await intentOf(running, order)).latest_charge);

interface Command {
  name: string;
  body: Record<string, unknown>;
}

/** Every command that reaches the payments of this database, as the driver sends it. */
function watchCommands(): { commands: Command[]; stop(): void } {
  const client = running.database.connection.getClient();
  const commands: Command[] = [];
  const note = ({ commandName: name, command }: { commandName: string; command: Record<string, unknown> }) => {
    if (command[name] === 'payments') commands.push({ name, body: command });
  };
  client.on('commandStarted', note);
  return { commands, stop: () => void client.off('commandStarted', note) };
}

test('When money is taken, then the ledger tells of what, how much, by which charge of Stripe, and when', async () => {
  const order = placeOrder(running, { price: 7300 });
  await captured(running, order);
  const stripeId = await stripeChargeOf(order);
  const { charges } = await stored(running, order);
  const entry = { chargeId: charges[0]?.id, stripeId, amount: 7300, currency: 'usd', at: running.dapr.clock.now() };
  expect(await ledgerOf(order)).toEqual([
    { id: `authorised:${stripeId}`, kind: 'authorised', ...entry },
    { id: `captured:${stripeId}`, kind: 'captured', ...entry },
  ]);
});

test('When an order ends before its money is taken, then the ledger tells that it was let go', async () => {
  const order = placeOrder(running);
  await authorised(running, order);
  await cancelOrder(running, order);
  expect(await kindsOf(order)).toEqual(['authorised', 'voided']);
});

test('When a card is confirmed after Stripe was looked at and before it is told to cancel, then that is told, too', async () => {
  const order = placeOrder(running);
  const payment = await opened(running, order);
  await running.misbehave({ kind: 'delay', operation: 'payment_intents.cancel', ms: 300, times: 1 });
  await tellCancelled(running, order);
  await confirm(running, payment, cards.approved);
  await running.idle();
  expect((await stored(running, order)).state).toBe('closed');
  expect(await kindsOf(order)).toEqual(['authorised', 'voided']);
});

test('When cards are declined, then no money moved', async () => {
  const order = placeOrder(running);
  const payment = await opened(running, order);
  for (const card of [cards.declined, cards.insufficientFunds, cards.declined]) {
    await confirm(running, payment, card);
    await settle(running, order);
  }
  expect(await ledgerOf(order)).toEqual([]);
});

test('When a refund comes back from the bank and is made again, then all three are told', async () => {
  const order = placeOrder(running);
  await confirm(running, await opened(running, order), '4000000000005126');
  await settle(running, order);
  await tellCancelled(running, order);
  const deadline = Date.now() + 5_000;
  while ((await stored(running, order)).refundFailures === 0 && Date.now() < deadline) await running.idle();
  await running.idle();
  running.dapr.clock.advance(2 * reconcileAfterMs);
  await running.reconcile();
  expect((await kindsOf(order)).slice(0, 5)).toEqual([
    'authorised',
    'captured',
    'refunded',
    'refund_returned',
    'refunded',
  ]);
});

test('When everything is said many times at once, then each movement is in the ledger once', async () => {
  const order = placeOrder(running);
  await running.misbehave({ kind: 'repeat-webhook', copies: 3 });
  await authorised(running, order);
  await Promise.all(Array.from({ length: 6 }, () => settle(running, order)));
  await running.idle();
  await Promise.all([cancelOrder(running, order), cancelOrder(running, order), settle(running, order)]);
  await running.idle();
  expect(await kindsOf(order)).toEqual(['authorised', 'captured', 'refunded']);
});

test('When payments live their lives, then no write changes or removes what is in a ledger', async () => {
  const { commands, stop } = watchCommands();
  const [paid, cancelled] = [placeOrder(running), placeOrder(running)];
  await captured(running, paid);
  await authorised(running, cancelled);
  await cancelOrder(running, cancelled);
  await cancelOrder(running, paid);
  running.dapr.clock.advance(reconcileAfterMs);
  await running.reconcile();
  stop();

  const writes = commands.filter(({ name }) => !['find', 'aggregate', 'getMore', 'createIndexes'].includes(name));
  expect(new Set(writes.map(({ name }) => name))).toEqual(new Set(['insert', 'findAndModify', 'update']));
  const touching = writes.filter(({ name, body }) => name !== 'insert' && /"ledger/.test(JSON.stringify(body)));
  expect(touching.length).toBeGreaterThanOrEqual(4);
  for (const { name, body } of touching) {
    const { $push = {}, ...rest } = body.update as Record<string, object>;
    expect([name, Object.keys($push).includes('ledger'), /"ledger/.test(JSON.stringify(rest))]).toEqual([
      'findAndModify',
      true,
      false,
    ]);
    // The payment's own change is in the same write, on condition of what was read.
    expect(rest).toHaveProperty('$set.version');
    expect(body.query).toEqual({ _id: expect.any(String), version: expect.any(Number) });
  }
});

describe('When two processes settle one payment on what they both have read', () => {
  const settleTwice = async (order: StandInOrder) => {
    await authorised(running, order);
    const read = await stored(running, order);
    const [charge] = read.charges;
    if (!charge) throw new Error('there is no charge');
    const stripeId = await stripeChargeOf(order);
    const completed = { ...charge, stripeId, status: 'Completed' as const };
    const payment = { ...read, state: 'captured' as const, charges: [completed], version: read.version + 1 };
    const save = () => running.deps.payments.save(read, { payment, events: [] });
    return [await save(), await save()];
  };

  test('then one of them writes, and the ledger tells of one capture', async () => {
    const order = placeOrder(running);
    expect((await settleTwice(order)).filter((saved) => saved !== null)).toHaveLength(1);
    expect(await kindsOf(order)).toEqual(['authorised', 'captured']);
  });

  test('but without the condition on the version, then it tells of two: the guard is what keeps it', async () => {
    const { collection } = running.model;
    const guarded = collection.findOneAndUpdate.bind(collection) as (...words: unknown[]) => Promise<unknown>;
    const unguarded = jest
      .spyOn(collection, 'findOneAndUpdate')
      .mockImplementation((({ _id }: { _id: string }, ...rest: unknown[]) => guarded({ _id }, ...rest)) as never);
    try {
      const order = placeOrder(running);
      await settleTwice(order);
      expect((await kindsOf(order)).filter((kind) => kind === 'captured')).toHaveLength(2);
    } finally {
      unguarded.mockRestore();
    }
  });
});
