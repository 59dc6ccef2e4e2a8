// For each rule of the protocol that payments keeps: without it, the orderings find the very failure that it prevents;
// with it, the same orderings find nothing. Where another rule mends what is broken (most are mended by the reconciler),
// that one is away in both. Rules 1 to 9, 11 and 12 at orders and tickets: ../twins.test.ts; rule 8: services/expiration.

import { NoAnswer } from '@ticketing/common';
import { exampleEvent } from '@ticketing/common/testing';
import type { Payments } from '../../../services/payments/src/data/payments';
import type { Intent } from '../../../services/payments/src/domain/intent';
import { type Change, isDecline, type Payment } from '../../../services/payments/src/domain/payment';
import { StripeNoAnswer } from '../../../services/payments/src/stripe/stripe-errors';
import { beginningOf, playFault, playPair, type Tally, WrongEnd } from './all-orderings';
import { type Doing, doings, webhooks } from './doings';
import type { Fate, Line } from './lines';
import { audit, type FaultKind, mend } from './play-ordering';
import { type Befall, buyer, createWorld, type Removal, type World } from './world';

interface Twin {
  rule: string;
  without: string;
  failure: RegExp;
  remove: () => Removal;
  /** Away in both. */
  also?: () => Removal;
  /** What is found, as text; nothing when all is well. */
  find: (removal: Removal) => Promise<string>;
}

const found = async (playing: Promise<Tally[]>): Promise<string> => {
  try {
    await playing;
    return '';
  } catch (error) {
    if (error instanceof WrongEnd) return error.message;
    throw error;
  }
};
const inPairs =
  (first: Doing, second: Doing): Twin['find'] =>
  (removal) =>
    found(playPair(first, second, removal));
const inFaults =
  (first: Doing, kinds?: readonly FaultKind[]): Twin['find'] =>
  (removal) =>
    found(playFault(first, removal, kinds));

/** A story of its own, from where `beginning` is done. */
const inStory =
  (
    tell: (world: World) => Promise<void>,
    whatBefalls: (world: World) => Befall = () => () => 'go',
    beginning: Doing = 'settle',
  ): Twin['find'] =>
  async (removal) => {
    const world = await createWorld(removal);
    try {
      world.begin(await beginningOf(beginning), whatBefalls(world));
      await tell(world);
      await mend(world);
      return audit(world, [beginning]).join('\n');
    } finally {
      await world.close();
    }
  };

const nobodyReconciles = (): Removal => ({ payments: () => ({ claimDue: async () => [] }) });

/** Written when it is saved for the first time, and not before. */
function writtenLate(stored: Payments): Partial<Payments> {
  const unwritten = new Map<string, Change>();
  return {
    async insert(change) {
      if (change.payment.state !== 'opening') return stored.insert(change);
      unwritten.set(change.payment._id, change);
      return change.payment;
    },
    async save(read, change) {
      const first = unwritten.get(read._id);
      if (first) await stored.insert(first);
      unwritten.delete(read._id);
      return stored.save(read, change);
    },
  };
}

/** Whatever is stored is written over. */
const overwriting = (stored: Payments): Partial<Payments> => ({
  async save(read, change) {
    const now = await stored.find(read._id);
    return stored.save({ ...read, version: now?.version ?? read.version }, change);
  },
});

const withoutKeyTo =
  (path: string): NonNullable<Removal['request']> =>
  (request) => {
    if (request.path !== path) return request;
    const { 'idempotency-key': _key, ...headers } = request.headers;
    return { ...request, headers };
  };

const canceled = ({ intentId }: Payment): Intent => ({
  id: String(intentId),
  status: 'canceled',
  charges: [],
  refundId: null,
  failedRefundIds: [],
  disputes: [],
});

const isCapture = ({ kind, what }: Line): boolean => kind === 'stripe' && what.endsWith('/capture');
const dayMs = 24 * 3600_000;

/** Stored, but none of it put down in the ledger. */
const unbooked = (stored: Payments): Partial<Payments> => ({
  save: (read, change) => stored.save({ ...read, charges: change.payment.charges }, change),
});

const twins: Twin[] = [
  {
    rule: '10',
    without: 'writing the charge first',
    failure: /a PaymentIntent is left open/,
    remove: () => ({ payments: writtenLate }),
    // Stripe has made it, payments dies before it has stored so, and the buyer does not come again.
    find: inStory(
      async (world) => {
        await world.ask('payments', 'POST', '/api/payments', { user: buyer, body: { orderId: world.order()._id } });
      },
      () => {
        let wasMade = false;
        let hasDied = false;
        return ({ app, kind, what }) => {
          if (kind === 'stripe' && what === 'POST /v1/payment_intents') wasMade = true;
          if (hasDied || !wasMade || app !== 'payments' || kind !== 'write') return 'go';
          hasDied = true;
          return 'crash';
        };
      },
      'open',
    ),
  },
  {
    rule: '10',
    without: 'a look at whether the payment is still open when the PaymentIntent’s id is stored',
    failure: /a PaymentIntent is left open|never ended/,
    remove: () => ({ payments: (stored) => ({ ...overwriting(stored), claimDue: async () => [] }) }),
    also: nobodyReconciles,
    find: inPairs('open', 'cancel'),
  },
  {
    rule: '10',
    without: 'one PaymentIntent an order (a repeated request makes another)',
    failure: /a PaymentIntent is left open/,
    remove: () => ({ request: withoutKeyTo('/v1/payment_intents') }),
    find: inFaults('open'),
  },
  {
    rule: '10',
    without: 'a new PaymentIntent for a new attempt',
    failure: /could never be paid/,
    remove: () => ({
      stripe: (stripe) => ({ createIntent: (payment) => stripe.createIntent({ ...payment, attempt: 1 }) }),
    }),
    async find(removal) {
      const tallies = await playPair('cancelled at Stripe', 'retry', removal);
      return tallies.some(({ completed }) => completed > 0) ? '' : 'could never be paid';
    },
  },
  {
    rule: '11',
    without: 'asking again when orders did not answer (silence is a no)',
    failure: /paid in time, and not got/,
    remove: () => ({
      asked: (orders) => ({
        beginCapture: (id) =>
          orders.beginCapture(id).catch((error: unknown) => {
            if (error instanceof NoAnswer) return false;
            throw error;
          }),
      }),
    }),
    find: inFaults('settle'),
  },
  {
    rule: '11',
    without: 'asking orders at all',
    failure: /captured while (AwaitingPayment|Cancelled)/,
    remove: () => ({ asked: () => ({ beginCapture: async () => true }) }),
    find: inPairs('settle', 'cancel'),
  },
  {
    rule: '12',
    without: 'waiting for Stripe’s final word (a timeout is taken for a no)',
    failure: /charged and/,
    remove: () => ({
      stripe: (stripe) => ({
        capture: (payment) =>
          stripe.capture(payment).catch((error: unknown) => {
            if (error instanceof StripeNoAnswer) return canceled(payment);
            throw error;
          }),
      }),
    }),
    find: inFaults('settle', ['Stripe unheard']),
  },
  {
    rule: '12',
    without: '"already captured" being success',
    failure: /charged and/,
    remove: () => ({
      stripe: (stripe) => ({
        async look(payment) {
          const intent = await stripe.look(payment);
          return payment.state === 'capturing' && intent.status === 'succeeded' ? canceled(payment) : intent;
        },
      }),
    }),
    find: inFaults('settle'),
  },
  {
    rule: '13',
    without: 'cancelling the PaymentIntent',
    failure: /a PaymentIntent is left open/,
    remove: () => ({ stripe: () => ({ cancel: async (payment) => canceled(payment) }) }),
    find: inPairs('settle', 'expiry'),
  },
  {
    rule: '13',
    without: 'writing the payment closed where there is none yet',
    failure: /a PaymentIntent is left open/,
    remove: () => ({
      payments: (stored) => ({
        claimDue: async () => [],
        insert: async (change) => (change.payment.state === 'closed' ? change.payment : stored.insert(change)),
      }),
    }),
    also: nobodyReconciles,
    find: inPairs('open', 'cancel'),
  },
  {
    rule: '14',
    without: 'looking after unfinished payments',
    failure: /never ended|paid in time, and not got/,
    remove: nobodyReconciles,
    find: inFaults('settle'),
  },
  {
    rule: '14',
    without: 'looking after captured payments until their order is completed',
    failure: /taken, not given back/,
    remove: () => ({
      ...cancelAnyway(),
      payments: (stored) => ({
        claimDue: async (...due) => (await stored.claimDue(...due)).filter(({ state }) => state !== 'captured'),
      }),
    }),
    // Only a broken rule 9 makes such an order; then it is the second line, and the event may be lost, too.
    also: () => cancelAnyway(),
    async find(removal) {
      const world = await createWorld(removal);
      try {
        world.begin(await beginningOf('settle'), async (line): Promise<Fate> => {
          if (isCapture(line)) await world.whileHalted(line, () => doings.cancel(world));
          return 'go';
        });
        world.dapr.faults = {
          deliver: ({ app, event }) => (app === 'payments' && event.type === 'order.cancelled' ? 'lose' : undefined),
        };
        await doings.settle(world);
        await mend(world);
        const [intent] = world.stripe.intents();
        const [charge] = world.stripe.charges();
        return intent?.status === 'succeeded' && !charge?.refunded ? 'taken, not given back' : '';
      } finally {
        await world.close();
      }
    },
  },
  {
    rule: '15',
    without: 'telling declines apart by Stripe’s charge id',
    failure: /one decline was counted 2 times/,
    remove: () => {
      let looks = 0;
      return {
        stripe: (stripe) => ({
          async look(payment) {
            const intent = await stripe.look(payment);
            looks += 1;
            const charges = intent.charges.map((charge) => ({ ...charge, stripeId: `${charge.stripeId}-${looks}` }));
            return { ...intent, charges };
          },
        }),
      };
    },
    find: async (removal) => {
      const world = await createWorld(removal);
      try {
        world.begin(await beginningOf('decline'), () => 'go');
        await doings.decline(world);
        await webhooks(world);
        const counted = world.payment()?.charges.filter(isDecline).length;
        return counted === 1 ? '' : `one decline was counted ${counted} times`;
      } finally {
        await world.close();
      }
    },
  },
  {
    rule: '15',
    without: 'payments saying which decline is final (each one is)',
    failure: /paid in time, and not got/,
    remove: () => ({
      payments: (stored) => ({
        save: (read, change) =>
          stored.save(read, {
            ...change,
            events: change.events.map((event) =>
              event.name === 'ChargeFailed' ? { ...event, data: { ...event.data, final: true } } : event,
            ),
          }),
      }),
    }),
    find: inPairs('decline', 'settle'),
  },
  {
    rule: '15',
    without: 'a final failure ending only an order that awaits payment',
    failure: /captured while Cancelled|paid in time, and not got/,
    remove: cancelAnyway,
    find: inStory(doings.settle, (world) => async (line): Promise<Fate> => {
      if (!isCapture(line)) return 'go';
      await world.whileHalted(line, async () => {
        const failed = exampleEvent('ChargeFailed', { orderId: world.order()._id, final: true });
        await world.dapr.of('payments').events.publish('charges', [failed]);
        await world.settle();
      });
      return 'go';
    }),
  },
  {
    rule: '16',
    without: 'another key after an error (a key repeats its first answer)',
    failure: /never ended/,
    remove: () => ({ stripe: (stripe) => ({ capture: (payment) => stripe.capture({ ...payment, tries: 0 }) }) }),
    find: inStory(async (world) => {
      const capture = { operation: 'payment_intents.capture', times: 1, seed: 1 };
      world.stripe.misbehave({ kind: 'server-error', ...capture, workDone: false });
      await doings.settle(world);
    }),
  },
  {
    rule: '16',
    without: 'looking before doing again',
    failure: /never ended/,
    remove: () => {
      let seen: Intent | undefined;
      return {
        stripe: (stripe) => ({
          async look(payment) {
            seen ??= await stripe.look(payment);
            return seen;
          },
        }),
      };
    },
    // Captured, unheard; and when it is asked again, Stripe has forgotten the key.
    find: inStory(
      async (world) => {
        await doings.settle(world);
        world.dapr.clock.advance(dayMs + 60_000);
      },
      () => {
        let captures = 0;
        return (line) => (isCapture(line) && ++captures === 1 ? 'lose answer' : 'go');
      },
    ),
  },
  {
    rule: 'of the ledger (0015)',
    without: 'an entry for each movement',
    failure: /the books: Stripe says that 45\.00 USD were taken .*; the ledger does not/,
    remove: () => ({ payments: unbooked }),
    find: inPairs('settle', 'refund'),
  },
];

/** Orders that are cancelled also while their money is being taken: a decision is made as if they awaited payment. */
function cancelAnyway(): Removal {
  return {
    orders: (stored) => ({
      change: ((id, decide, now) =>
        stored.change(
          id,
          (order) => {
            const decision = decide(order);
            if (order.status !== 'Capturing' && order.status !== 'Completed') return decision;
            const anyway = decide({ ...order, status: 'AwaitingPayment' });
            return anyway.kind === 'change' && anyway.order.status === 'Cancelled' ? anyway : decision;
          },
          now,
        )) as typeof stored.change,
    }),
  };
}

const longestMs = 300_000;

describe.each(twins)('rule $rule, without $without', ({ failure, remove, also = () => ({}), find }) => {
  it(
    'the orderings find what it prevents',
    async () => {
      expect(await find(remove())).toMatch(failure);
    },
    longestMs,
  );

  it('and with it they find nothing', async () => expect(await find(also())).toBe(''), longestMs);
});
