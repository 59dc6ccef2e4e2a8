import fc from 'fast-check';
import { StripeError } from '../../src/stripe-simulator/http/stripe-error';
import { authenticateIntent } from '../../src/stripe-simulator/payments/authenticate-intent';
import { cancelIntent, lapseIntent } from '../../src/stripe-simulator/payments/cancel-intent';
import { captureIntent } from '../../src/stripe-simulator/payments/capture-intent';
import { testCards } from '../../src/stripe-simulator/payments/cards';
import { confirmIntent, type PresentedCard } from '../../src/stripe-simulator/payments/confirm-intent';
import { createIntent } from '../../src/stripe-simulator/payments/create-intent';
import type { Change, Charge, PaymentIntent, Refund } from '../../src/stripe-simulator/payments/objects';
import { newPaymentMethod } from '../../src/stripe-simulator/payments/payment-method';
import { refundCharge } from '../../src/stripe-simulator/payments/refund-charge';

interface World {
  intent: PaymentIntent;
  charges: Map<string, Charge>;
  refunds: Map<string, Refund>;
  card: PresentedCard | null;
  nowSeconds: number;
}

type Step =
  | { kind: 'confirm'; card: number }
  | { kind: 'authenticate'; outcome: 'approve' | 'fail' }
  | { kind: 'capture'; amount: number | undefined }
  | { kind: 'cancel' }
  | { kind: 'refund'; amount: number | undefined }
  | { kind: 'wait'; days: number };

let lastId = 0;
const circumstances = ({ nowSeconds }: Pick<World, 'nowSeconds'>) => ({
  nowSeconds,
  newId: (prefix: string) => {
    lastId += 1;
    return `${prefix}_${lastId}`;
  },
});

const amount = fc.option(fc.integer({ min: -1, max: 3000 }), { nil: undefined });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('confirm' as const), card: fc.nat(testCards.length - 1) }),
  fc.record({
    kind: fc.constant('authenticate' as const),
    outcome: fc.constantFrom('approve' as const, 'fail' as const),
  }),
  fc.record({ kind: fc.constant('capture' as const), amount }),
  fc.record({ kind: fc.constant('cancel' as const) }),
  fc.record({ kind: fc.constant('refund' as const), amount }),
  fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 8 }) }),
);

function decide(world: World, taken: Step): Change {
  const charge = world.charges.get(world.intent.latest_charge ?? '');
  const now = circumstances(world);
  switch (taken.kind) {
    case 'confirm':
      world.card = cardOf(taken.card, world);
      return confirmIntent(world.intent, world.card, askForAuthentication, now);
    case 'authenticate':
      return authenticateIntent(world.intent, world.card, taken.outcome, now);
    case 'capture':
      return captureIntent(world.intent, charge, taken.amount, now);
    case 'cancel':
      return cancelIntent(world.intent, charge, null, now);
    case 'refund':
      return charge
        ? refundCharge(charge, { amount: taken.amount, reason: null, metadata: {} }, now)
        : { announce: [] };
    case 'wait':
      world.nowSeconds += taken.days * 24 * 60 * 60;
      return charge ? lapseIntent(world.intent, charge, circumstances(world)) : { announce: [] };
  }
}

function take(world: World, taken: Step): void {
  const before = structuredClone({ intent: world.intent, charges: world.charges, refunds: world.refunds });
  let change: Change;
  try {
    change = decide(world, taken);
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    expect({ intent: world.intent, charges: world.charges, refunds: world.refunds }).toEqual(before);
    return;
  }
  if (change.intent) world.intent = change.intent;
  if (change.charge) world.charges.set(change.charge.id, change.charge);
  if (change.refund) world.refunds.set(change.refund.id, change.refund);
  checkStep(before.intent, before.charges, world);
}

function checkStep(
  before: PaymentIntent,
  chargesBefore: Map<string, Charge>,
  { intent, charges, refunds }: World,
): void {
  const all = [...charges.values()];
  const captured = all.filter((charge) => charge.captured);
  expect(captured.length).toBeLessThanOrEqual(1);
  expect(intent.amount_received).toBe(captured.reduce((sum, charge) => sum + charge.amount_captured, 0));
  expect(intent.amount_capturable > 0).toBe(intent.status === 'requires_capture');

  for (const charge of all) {
    const authorised = charge.status === 'succeeded' ? charge.amount : 0;
    expect(charge.amount_captured).toBeLessThanOrEqual(authorised);
    expect(charge.amount_refunded).toBeLessThanOrEqual(authorised);
    const given = [...refunds.values()].filter((refund) => refund.charge === charge.id);
    const ofType = (type: string) => given.filter((refund) => refund.destination_details.card.type === type);
    const sum = (list: Refund[]) => list.reduce((total, refund) => total + refund.amount, 0);
    expect(sum(ofType('refund'))).toBeLessThanOrEqual(charge.amount_captured);
    expect(sum(ofType('refund')) + sum(ofType('reversal'))).toBeLessThanOrEqual(charge.amount_refunded);
  }

  if (before.status === 'canceled') {
    expect(intent).toEqual(before);
    for (const charge of all) expect(charge.captured).toBe(false);
  }
  if (before.status === 'succeeded') {
    expect(intent.status).toBe('succeeded');
    expect(all.length).toBe(chargesBefore.size);
  }
}

it('never takes more than was authorised, nothing after a cancellation, and gives back no more than it took', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.constantFrom('manual' as const, 'automatic' as const),
      fc.array(step, { maxLength: 15 }),
      (captureMethod, steps) => {
        const world = newWorld(captureMethod);
        for (const taken of steps) {
          take(world, taken);
          seen.add(world.intent.status);
        }
      },
    ),
    { numRuns: 2000, seed: 4 },
  );
  expect([...seen].sort()).toEqual([
    'canceled',
    'requires_action',
    'requires_capture',
    'requires_payment_method',
    'succeeded',
  ]);
});

it('lets an authorisation lapse after seven days, not a second before', () => {
  const world = newWorld('manual');
  take(world, { kind: 'confirm', card: 0 });
  const [charge] = [...world.charges.values()];
  if (!charge) throw new Error('A charge was expected.');
  const week = 7 * 24 * 60 * 60;
  const before = lapseIntent(world.intent, charge, circumstances({ nowSeconds: charge.created + week - 1 }));
  expect(before).toEqual({ announce: [] });
  const after = lapseIntent(world.intent, charge, circumstances({ nowSeconds: charge.created + week }));
  expect(after.intent).toMatchObject({ status: 'canceled', cancellation_reason: 'automatic', amount_capturable: 0 });
  expect(after.announce.map(({ type }) => type)).toEqual(['charge.expired', 'payment_intent.canceled']);
});

function newWorld(captureMethod: 'automatic' | 'manual'): World {
  const nowSeconds = 1_800_000_000;
  const wanted = {
    amount: 2000,
    currency: 'usd',
    captureMethod,
    confirmationMethod: 'automatic' as const,
    allowedPaymentMethodTypes: null,
    paymentMethodTypes: ['card'],
    automaticPaymentMethods: null,
    metadata: {},
    description: null,
    receiptEmail: null,
    statementDescriptor: null,
    statementDescriptorSuffix: null,
    transferGroup: null,
    paymentMethod: null,
    requestThreeDSecure: 'automatic',
  };
  const { intent } = createIntent(wanted, (id) => `${id}_secret_x`, circumstances({ nowSeconds }));
  return { intent, charges: new Map(), refunds: new Map(), card: null, nowSeconds };
}

function cardOf(index: number, world: World): PresentedCard {
  const testCard = testCards[index];
  if (!testCard) throw new Error('There is no such test card.');
  const details = { number: testCard.number, expMonth: 12, expYear: 2090, cvc: '123' };
  return { testCard, method: newPaymentMethod(details, {}, circumstances(world)) };
}

const askForAuthentication = () => ({
  type: 'use_stripe_sdk' as const,
  use_stripe_sdk: { type: 'three_d_secure_redirect' as const, source: 'x', stripe_js: 'x' },
});
