// Plays one ordering: a doing, line by line, another that comes between two of its lines, and what befalls payments
// meanwhile. Then the reconcilers run until nothing is left to do, and the books are read.

import { windowMs } from '../../../services/orders/test/start-orders';
import { differencesOf } from '../../../services/payments/src/audit/compare-order';
import { accountIn } from './account';
import { type Doing, doings, endings, isOpen, settleCall, webhooks } from './doings';
import { describeLine, type Fate, type Line } from './lines';
import { type Beginning, priceCents, type World } from './world';

/**
 * - `crash`: payments dies before the line, and is started again
 * - Stripe, or orders, is not reached, or does what it is asked for and its answer is lost
 */
export const faultKinds = [
  'crash',
  'Stripe unreached',
  'Stripe unheard',
  'orders unreached',
  'orders unheard',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  kind: FaultKind;
  /** At the how manyth line at which this may happen; 1 is the first. */
  at: number;
}

export interface Ordering {
  first: Doing;
  /** Runs from end to end before the first's line `at`, or after its last when it has fewer. */
  second?: { doing: Doing; at: number };
  /** In this order; the second is counted from where the first struck, reconcilers' lines included. */
  faults?: readonly Fault[];
}

export interface Played {
  ended: 'Completed' | 'Cancelled';
  violations: string[];
  /** False when the first had ended before the second came. */
  cameBetween: boolean;
  /** How many of the faults have struck. */
  struck: number;
  /** How many lines the first had, as long as nothing came between them. */
  linesOfFirst: number;
  /** The first's line at which the last fault struck; 0 when it struck elsewhere, or not at all. */
  struckAtLine: number;
  /** At how many lines one more fault could have struck, and at how many of them before the second came. */
  occasions: Occasions;
  occasionsBefore: Occasions;
  /** Everything that happened. */
  journal: string[];
}

export type Occasions = Record<FaultKind, number>;

export interface PlayOptions {
  beginning: Beginning;
  /** Once all is quiet, whatever was told before is told again: nothing may come of it. */
  repeats?: boolean;
}

export async function playOrdering(
  world: World,
  ordering: Ordering,
  { beginning, repeats }: PlayOptions,
): Promise<Played> {
  const { first, second, faults = [] } = ordering;
  const done = second ? [first, second.doing] : [first];
  const journal: string[] = [];
  let phase: 'first' | 'second' | 'mending' | 'quiet' = 'first';
  let linesOfFirst = 0;
  let cameBetween = false;
  let struck = 0;
  let passed = 0;
  let struckAtLine = 0;
  const occasions = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Occasions;
  let occasionsBefore = { ...occasions };

  const befall = async (line: Line): Promise<Fate> => {
    if (phase === 'first' && ++linesOfFirst === second?.at) {
      cameBetween = true;
      phase = 'second';
      occasionsBefore = { ...occasions };
      journal.push(`-- ${second.doing} comes before ${describeLine(line)}`);
      await world.whileHalted(line, () => doings[second.doing](world));
      journal.push(`-- ${first} goes on`);
      phase = 'first';
    }
    const fate = strike(line);
    journal.push(`${phase}: ${describeLine(line)}${fate === 'go' ? '' : ` -- ${fate}`}`);
    return fate;
  };

  const strike = (line: Line): Fate => {
    if (phase === 'quiet' || (phase === 'mending' && struck === 0)) return 'go';
    const fault = faults[struck];
    if (!fault) {
      for (const kind of faultKinds) if (canStrike(kind, line)) occasions[kind] += 1;
      return 'go';
    }
    if (!canStrike(fault.kind, line) || ++passed < fault.at) return 'go';
    struck += 1;
    struckAtLine = phase === 'first' ? linesOfFirst : 0;
    passed = 0;
    return fateOf(fault.kind);
  };

  world.begin(beginning, befall);
  await doings[first](world);
  await world.settleAll();
  if (second && !cameBetween) {
    journal.push(`-- ${second.doing} comes after`);
    phase = 'second';
    occasionsBefore = { ...occasions };
    await doings[second.doing](world);
    await world.settleAll();
  }
  phase = 'mending';
  await mend(world);
  phase = 'quiet';
  const ended = world.order().status;
  const violations = audit(world, done);
  if (repeats) {
    await webhooks(world);
    await settleCall(world);
    if (world.refundOrdered) await world.refund();
    await world.reconcile();
    violations.push(...audit(world, done).map((violation) => `after repeats: ${violation}`));
    if (world.order().status !== ended) violations.push(`a repeat made ${ended} ${world.order().status}`);
  }
  return {
    ended: ended === 'Completed' ? ended : 'Cancelled',
    violations,
    cameBetween,
    struck,
    linesOfFirst,
    struckAtLine,
    occasions,
    occasionsBefore,
    journal,
  };
}

const fates: Record<FaultKind, Fate> = {
  crash: 'crash',
  'Stripe unreached': 'lose request',
  'Stripe unheard': 'lose answer',
  'orders unreached': 'lose request',
  'orders unheard': 'lose answer',
};

const isStripe = ({ app, kind }: Line): boolean => app === 'payments' && kind === 'stripe';
const isInvocation = ({ app, kind }: Line): boolean => app === 'payments' && kind === 'invoke';
/** A crash before a look is one before the next effect: nobody sees the difference. */
const isEffect = ({ app, kind, what }: Line): boolean =>
  app === 'payments' && kind !== 'read' && !(kind === 'stripe' && what.startsWith('GET'));
const mayStrike: Record<FaultKind, (line: Line) => boolean> = {
  crash: isEffect,
  'Stripe unreached': isStripe,
  'Stripe unheard': isStripe,
  'orders unreached': isInvocation,
  'orders unheard': isInvocation,
};

export const canStrike = (kind: FaultKind, line: Line): boolean => mayStrike[kind](line);
export const fateOf = (kind: FaultKind): Fate => fates[kind];

const minuteMs = 60_000;

/** Webhooks and browsers are gone for good: what is left is time, sweepers and reconcilers. */
export async function mend(world: World): Promise<void> {
  for (let round = 0; round < 24; round++) {
    await world.reconcile();
    if (world.isQuiet()) return;
    world.dapr.clock.advance(waitOf(world, round));
  }
}

/** Money that waits is looked after within the window; where there is none, the window may as well end. */
function waitOf(world: World, round: number): number {
  const isMoneyWaiting = world.stripe.intents().some(({ status }) => status === 'requires_capture');
  if (round < 8) return isMoneyWaiting || world.order().status === 'Capturing' ? 16_000 : windowMs + minuteMs;
  return round === 8 ? windowMs + minuteMs : 5 * minuteMs;
}

/** One of two ends, and nothing between them; what an operator gave back was taken before, and the order is as it was. */
export function audit(world: World, done: readonly Doing[]): string[] {
  const { status, refundedAt } = world.order();
  const { sold, orderId, forSale } = world.ticket();
  const intents = world.stripe.intents();
  const taken = intents.filter(({ amount_received: received }) => received > 0);
  const payment = world.payment();
  const isGivenBack = world.refundOrdered;
  const refunds = givenBack(world);
  const isCompleted = status === 'Completed';
  const wasApproved = world.stripe.charges().some((charge) => charge.status === 'succeeded');
  const mayEnd = done.some((doing) => endings.has(doing));
  const { published, deadLetters } = world.told();
  const told = new Map(published.map(({ id, type }) => [id, type]));
  const times = (type: string) => [...told.values()].filter((name) => name === type).length;
  const rules: [holds: boolean, failure: string][] = [
    [world.isQuiet(), `never ended: order ${status}, payment ${payment?.state}`],
    [isCompleted || status === 'Cancelled', `never ended: order ${status}`],
    [world.captures.every((order) => order === 'Capturing'), `captured while ${world.captures}`],
    [world.captures.length <= 1, 'captured twice'],
    [!isCompleted || taken.length === 1, `completed, and ${taken.length} PaymentIntents took money`],
    [!isCompleted || taken.every((intent) => intent.amount_received === priceCents), 'took another amount'],
    [isCompleted || taken.length === 0, `charged and ${status}`],
    [!intents.some((intent) => isOpen(intent.status)), 'a PaymentIntent is left open'],
    [isCompleted === sold, `order ${status}, ticket ${sold ? 'sold' : 'not sold'}`],
    [isCompleted || (orderId === null && forSale), `order ${status}, and the ticket is not for sale again`],
    [
      !payment || payment.state === (isGivenBack ? 'refunded' : isCompleted ? 'captured' : 'closed'),
      `order ${status}, payment ${payment?.state}`,
    ],
    [isCompleted || !wasApproved || mayEnd, 'paid in time, and not got'],
    [
      times('charge.completed') === (isCompleted && !world.wasOver ? 1 : 0),
      `told of ${times('charge.completed')} captures`,
    ],
    [
      times('order.completed') + times('order.cancelled') === (world.wasOver ? 0 : 1),
      'the end of the order was not told once',
    ],
    [!isGivenBack || isCompleted, `given back, and ${status}`],
    [refunds.length === (isGivenBack ? 1 : 0), `given back ${refunds.length} times`],
    [refunds.every(({ amount }) => amount === priceCents), 'gave back another amount'],
    [times('charge.refunded') === (isGivenBack ? 1 : 0), `told of ${times('charge.refunded')} refunds`],
    [Boolean(refundedAt) === isGivenBack, `the order says ${refundedAt ? '' : 'not '}that it was given back`],
    [deadLetters.length === 0, `dead letters: ${deadLetters.map(({ type }) => type)}`],
  ];
  const books = differencesOf(accountIn(world), { now: world.dapr.clock.now(), graceMs: 0 });
  return [
    ...rules.filter(([holds]) => !holds).map(([, failure]) => failure),
    ...books.map((difference) => `the books: ${difference}`),
  ];
}

/** Money that was taken, not an authorisation that was let go. */
function givenBack({ stripe }: World) {
  const captured = new Set(stripe.charges().flatMap((charge) => (charge.captured ? [charge.id] : [])));
  return stripe.refunds().filter(({ charge }) => captured.has(charge));
}
