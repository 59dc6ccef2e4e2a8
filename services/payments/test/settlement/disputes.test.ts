// A buyer tells his bank that a charge was not his doing: the order stays as it is, the ledger and the log tell.
import { waitUntil } from '@ticketing/common/testing';
import {
  completeOrder,
  confirm,
  opened,
  placeOrder,
  publishedOf,
  reconcileAfterMs,
  type StandInOrder,
  settle,
  sharedPayments,
  stored,
} from '../start-payments';

const running = sharedPayments({ webhooks: true });
const disputesCharge = '4000000000000259';
jest.setTimeout(30_000);

async function disputed(): Promise<StandInOrder> {
  const order = placeOrder(running);
  await confirm(running, await opened(running, order), disputesCharge);
  await settle(running, order);
  await completeOrder(running, order);
  return order;
}
const kindsOf = async (order: StandInOrder) => (await stored(running, order)).ledger.map(({ kind }) => kind);
const inLedger = (order: StandInOrder, kind: string) =>
  waitUntil(async () => (await kindsOf(order)).some((one) => one === kind), { what: `${kind} in the ledger` });
const disputeOf = async (order: StandInOrder) => {
  const [dispute] = (await stored(running, order)).disputes;
  if (!dispute) throw new Error('no dispute is known');
  return dispute.stripeId;
};
const decide = (disputeId: string, text: string) =>
  running.stripe.disputes.update(disputeId, { evidence: { uncategorized_text: text } });

test('When a charge is disputed, then the ledger tells, an operator can read it in the log, and nobody is told else', async () => {
  const warned = jest.spyOn(running.deps.log, 'warn');
  const order = await disputed();
  await inLedger(order, 'disputed');
  await running.idle();
  // News of the order that met the dispute's being written are left to the reconciler.
  running.dapr.clock.advance(reconcileAfterMs);
  await running.reconcile();
  expect(await stored(running, order)).toMatchObject({
    state: 'captured',
    orderCompleted: true,
    disputes: [{ amount: 4500, status: 'open' }],
  });
  expect((await publishedOf(running, order)).map(({ type }) => type)).toEqual(['charge.created', 'charge.completed']);
  expect(warned.mock.calls.map(([fields]) => fields)).toContainEqual(
    expect.objectContaining({ orderId: order.id, disputes: [expect.objectContaining({ status: 'open' })] }),
  );
  warned.mockRestore();
});

test.each([
  ['won', 'winning_evidence', 'dispute_won'],
  ['lost', 'losing_evidence', 'dispute_lost'],
])('When it is %s, then the ledger tells that as well, once, however often Stripe does', async (status, text, kind) => {
  await running.misbehave({ kind: 'repeat-webhook', copies: 3 });
  const order = await disputed();
  await inLedger(order, 'disputed');
  await decide(await disputeOf(order), text);
  await inLedger(order, kind);
  await running.idle();
  expect(await kindsOf(order)).toEqual(['authorised', 'captured', 'disputed', kind]);
  expect((await stored(running, order)).disputes).toMatchObject([{ status }]);
});

test('When payments hears of it only once it is decided, then the ledger tells both', async () => {
  await running.misbehave({ kind: 'drop-webhook', event: 'charge.dispute.created' });
  const order = await disputed();
  const intentId = String((await stored(running, order)).intentId);
  const [dispute] = (await running.stripe.disputes.list({ payment_intent: intentId })).data;
  await running.stripe.disputes.close(String(dispute?.id));
  await inLedger(order, 'dispute_lost');
  expect((await kindsOf(order)).slice(2)).toEqual(['disputed', 'dispute_lost']);
});

test('When it is heard of before the capture is, then the ledger has the capture first, and both', async () => {
  const order = placeOrder(running);
  await confirm(running, await opened(running, order), disputesCharge);
  // Of all requests of one settling, those that capture and those that look whether it was.
  await running.misbehave({ kind: 'lose-answer', operation: 'payment_intents.capture', times: 2 });
  await settle(running, order);
  await inLedger(order, 'disputed');
  await running.idle();
  expect(await kindsOf(order)).toEqual(['authorised', 'captured', 'disputed']);
});
