// Each way in which Stripe can misbehave, met by every request of three lives: paid, let go, and given back. Whatever the
// SDK's own retries, the idempotency keys, the next request and the reconciler have to do for it: each movement of money
// happens once, and the ledger tells it.
import {
  authorised,
  cancelOrder,
  captured,
  cards,
  confirm,
  intentsOf,
  type Opened,
  placeOrder,
  postPayment,
  reconcileAfterMs,
  type StandInOrder,
  settle,
  sharedPayments,
  stored,
} from '../start-payments';

const running = sharedPayments({ webhooks: true, timeoutMs: 250 });

const operations = [
  'payment_intents.create',
  'payment_intents.retrieve',
  'charges.list',
  'payment_intents.capture',
  'payment_intents.cancel',
  'refunds.create',
];

const faults = [
  ['is not reached', { kind: 'lose-request' }],
  ['times out before the work', { kind: 'lose-request', ms: 2_000 }],
  ['works after we have gone', { kind: 'delay', ms: 600 }],
  ['times out after the work', { kind: 'lose-answer', ms: 2_000 }],
  ['works and cuts the line', { kind: 'lose-answer' }],
  ['is too busy', { kind: 'rate-limit' }],
  ['breaks before the work', { kind: 'server-error' }],
  ['breaks after the work', { kind: 'server-error', workDone: true }],
] as const;

/** Both requests of one try: the SDK sends a request up to twice. */
const oneTry = { times: 2 };

async function again<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${what} did not come about`);
    await running.idle();
    running.dapr.clock.advance(reconcileAfterMs);
    await running.reconcile();
  }
}

/** As a buyer's browser asks: again while it is told that nothing is known. */
const openedAtLast = (order: StandInOrder) =>
  again('a payment', async () => {
    const answer = await postPayment(running, order);
    if (answer.status !== 201) expect([answer.status, answer.body.type]).toEqual([503, '/problems/PaymentUndecided']);
    return answer.status === 201 ? (answer.body as Opened) : undefined;
  });

const atLast = (order: StandInOrder, state: string) =>
  again(`the state ${state}`, async () => ((await stored(running, order)).state === state ? true : undefined));

async function paid(): Promise<StandInOrder> {
  const order = placeOrder(running);
  await confirm(running, await openedAtLast(order), cards.approved);
  await settle(running, order);
  await atLast(order, 'captured');
  return order;
}

async function letGo(order: StandInOrder): Promise<StandInOrder> {
  await cancelOrder(running, order);
  await atLast(order, 'closed');
  return order;
}

async function givenBack(order: StandInOrder): Promise<StandInOrder> {
  await cancelOrder(running, order);
  await atLast(order, 'refunded');
  return order;
}

test.each(faults)(
  'When Stripe %s, at each request in turn, then money moves once and is told once',
  async (_what, fault) => {
    // A webhook would capture what is to be let go.
    await running.misbehave({ kind: 'drop-webhook' });
    const [toLetGo, toGiveBack] = [placeOrder(running), placeOrder(running)];
    await authorised(running, toLetGo);
    await captured(running, toGiveBack);
    await running.idle();
    for (const operation of operations) await running.misbehave({ ...fault, ...oneTry, operation });

    const orders = await Promise.all([paid(), letGo(toLetGo), givenBack(toGiveBack)]);

    const expected = [
      { kinds: ['authorised', 'captured'], statuses: ['succeeded'], received: 4500 },
      { kinds: ['authorised', 'voided'], statuses: ['canceled'], received: 0 },
      { kinds: ['authorised', 'captured', 'refunded'], statuses: ['succeeded'], received: 4500 },
    ];
    for (const [index, order] of orders.entries()) {
      const intents = await intentsOf(running, order);
      expect({
        kinds: (await stored(running, order)).ledger.map(({ kind }) => kind),
        statuses: intents.map(({ status }) => status),
        received: intents.reduce((sum, { amount_received: received }) => sum + received, 0),
      }).toEqual(expected[index]);
    }
    const [, , refunded] = orders;
    const intentId = (await intentsOf(running, refunded))[0]?.id ?? '';
    expect((await running.stripe.refunds.list({ payment_intent: intentId })).data.map(({ amount }) => amount)).toEqual([
      4500,
    ]);
    // Every request met its fault, at least once.
    const left = (await (await fetch(`${running.stripeUrl}/_admin/faults`)).json()) as { left: number | null }[];
    expect(left.filter(({ left: strikes }) => strikes === oneTry.times)).toEqual([]);
  },
  60_000,
);

const webhookFaults = [
  ['repeats them', { kind: 'repeat-webhook', copies: 4 }],
  ['is late with them', { kind: 'delay-webhook', ms: 300 }],
  ['mixes them up', { kind: 'reorder-webhook', ms: 200 }],
  ['loses them', { kind: 'drop-webhook' }],
] as const;

test.each(webhookFaults)(
  'When Stripe sends webhooks and %s, then money moves once and is told once',
  async (_what, fault) => {
    await running.misbehave(fault);
    const [order, cancelled, refunded] = [placeOrder(running), placeOrder(running), placeOrder(running)];
    await authorised(running, order);
    await authorised(running, cancelled);
    await captured(running, refunded);
    await Promise.all([atLast(order, 'captured'), cancelOrder(running, cancelled), givenBack(refunded)]);
    await running.behave();
    await again('its end', async () => {
      const { state } = await stored(running, cancelled);
      return state === 'closed' || state === 'refunded' ? state : undefined;
    });
    expect((await stored(running, order)).ledger.map(({ kind }) => kind)).toEqual(['authorised', 'captured']);
    expect((await stored(running, refunded)).ledger.map(({ kind }) => kind)).toEqual([
      'authorised',
      'captured',
      'refunded',
    ]);
  },
);
