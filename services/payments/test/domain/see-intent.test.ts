import fc from 'fast-check';
import { captureAnswered } from '../../src/domain/close-payment';
import type { Intent, SeenCharge } from '../../src/domain/intent';
import { intentCreated, openPayment } from '../../src/domain/open-payment';
import { isDecline, type Payment, type PaymentEvent } from '../../src/domain/payment';
import { intentSeen } from '../../src/domain/see-intent';

const now = new Date('2026-11-21T10:00:00.000Z');
const rules = { maxDeclines: 3 };

const opened = (): Payment =>
  intentCreated(
    openPayment({ id: 'a'.repeat(24), userId: 'b'.repeat(24), price: 4500, currency: 'usd' }, now).payment,
    'pi_1',
  ).payment;

const intent = (charges: SeenCharge[], status: Intent['status'] = 'requires_payment_method'): Intent => ({
  id: 'pi_1',
  status,
  charges,
  refundId: null,
  failedRefundIds: [],
  disputes: [],
});

const declined = (stripeId: string): SeenCharge => ({ stripeId, declined: true, reason: 'generic_decline' });
const approved = (stripeId: string): SeenCharge => ({ stripeId, declined: false, reason: null });

/** Takes in one look at Stripe after the other, as settle, webhook and reconciler do. */
function look(payment: Payment, intents: readonly Intent[], see = intentSeen) {
  const told: PaymentEvent[] = [];
  let current = payment;
  for (const seen of intents) {
    const change = see(current, seen, rules);
    current = change.payment;
    told.push(...change.events);
  }
  return { payment: current, told };
}

const failuresIn = (told: readonly PaymentEvent[]) =>
  told.flatMap((event) => (event.name === 'ChargeFailed' ? [event.data] : []));

/** Up to two declines, in looks that each show some of them, in any order, again and again. */
const fewDeclines = fc
  .uniqueArray(fc.constantFrom('ch_1', 'ch_2', 'ch_3', 'ch_4', 'ch_5'), { maxLength: 2 })
  .chain((ids) => fc.array(fc.shuffledSubarray(ids), { maxLength: 12 }));

describe('When Stripe shows declined charges', () => {
  test('then each is counted and told once, in whatever order and however often it is shown', () => {
    fc.assert(
      fc.property(fewDeclines, (looks) => {
        const shown = new Set(looks.flat());
        const { payment, told } = look(
          opened(),
          looks.map((ids) => intent(ids.map(declined))),
        );
        expect(payment.charges.filter(isDecline).map(({ stripeId }) => stripeId)).toEqual([...shown]);
        expect(failuresIn(told).map(({ stripeId }) => stripeId)).toEqual([...shown]);
        expect(failuresIn(told).every(({ final }) => !final)).toBe(true);
        expect(payment.state).toBe('open');
      }),
    );
  });

  test('then the third, and only the third, is final, and the payment takes no card after it', () => {
    const looks = fc.array(fc.shuffledSubarray(['ch_1', 'ch_2', 'ch_3', 'ch_4']), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(looks, (ids) => {
        const { payment, told } = look(
          opened(),
          ids.map((shown) => intent(shown.map(declined))),
        );
        const failures = failuresIn(told);
        const distinct = new Set(ids.flat()).size;
        expect(new Set(failures.map(({ stripeId }) => stripeId)).size).toBe(failures.length);
        if (distinct < 3) expect(payment.state).toBe('open');
        else expect([payment.state, payment.closeReason]).toEqual(['closing', 'declined']);
        const closedAt = failures.findIndex(({ final }) => final);
        if (distinct >= 3) expect(closedAt).toBeGreaterThanOrEqual(2);
        else expect(closedAt).toBe(-1);
      }),
    );
  });

  test('then a count of looks instead of charges would end the payment too early (the guard removed)', () => {
    const countLooks: typeof intentSeen = (payment, seen, limits) =>
      intentSeen(
        payment,
        { ...seen, charges: seen.charges.map((c) => ({ ...c, stripeId: crypto.randomUUID() })) },
        limits,
      );
    const found = fc.check(
      fc.property(
        fewDeclines,
        (looks) =>
          look(
            opened(),
            looks.map((ids) => intent(ids.map(declined))),
            countLooks,
          ).payment.state === 'open',
      ),
    );
    expect(found.failed).toBe(true);
  });
});

test('When a card is approved after declines, then it has a charge of its own, and that one is completed', () => {
  const authorised = look(opened(), [
    intent([declined('ch_1')]),
    intent([declined('ch_1'), approved('ch_2')], 'requires_capture'),
  ]).payment;
  const capturing = captureAnswered(authorised, true).payment;
  const { payment, told } = look(capturing, [intent([], 'succeeded'), intent([], 'succeeded')]);
  expect(payment.charges.map(({ stripeId, status }) => [stripeId, status])).toEqual([
    ['ch_1', 'Failed'],
    ['ch_2', 'Completed'],
  ]);
  expect(told.map(({ name }) => name)).toEqual(['ChargeCompleted']);
});

test('When Stripe speaks of another PaymentIntent than the payment’s, then nothing changes', () => {
  const payment = opened();
  expect(intentSeen(payment, { ...intent([declined('ch_1')]), id: 'pi_0' }, rules).payment).toBe(payment);
});

test('When the same word of Stripe’s comes again, in any state, then nothing changes', () => {
  const words = fc.array(
    fc.record({
      status: fc.constantFrom<Intent['status']>('requires_payment_method', 'requires_capture', 'succeeded', 'canceled'),
      ids: fc.shuffledSubarray(['ch_1', 'ch_2', 'ch_3']),
      granted: fc.boolean(),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(words, (said) => {
      let payment = opened();
      for (const { status, ids, granted } of said) {
        const word = intent(ids.map(declined), status);
        payment = look(payment, [word]).payment;
        // A step may open the next (open -> closing -> closed), so it is repeated until it rests.
        for (let n = 0; n < 3; n++) payment = look(payment, [word]).payment;
        expect(look(payment, [word])).toEqual({ payment, told: [] });
        if (status === 'requires_capture') payment = captureAnswered(payment, granted).payment;
      }
    }),
  );
});
