import type { StripeError } from '@stripe/stripe-js';
import { describeFailure, describeRefusal } from '@/payment/describe-refusal';

const refused = (error: Partial<StripeError>) => describeRefusal({ type: 'card_error', ...error } as StripeError);

test.each(['insufficient_funds', 'expired_card', 'incorrect_cvc', 'processing_error', 'stolen_card'])(
  'A decline is told in one way, now and in the history, where nothing is left to try: %s',
  (code) => {
    const later = describeFailure(code);
    expect(refused({ code: 'card_declined', decline_code: code })).toMatch(`${later} `);
    expect(later).not.toMatch(/try|check/i);
  },
);

test('What would help a thief is not told apart', () =>
  expect(describeFailure('stolen_card')).toBe(describeFailure('card_declined')));

test.each(['voided', 'canceled', 'authorisation_lapsed'])('What ended is no declined card: %s', (reason) => {
  expect(describeFailure(reason)).toMatch('You were not charged.');
  expect(describeFailure(reason)).not.toMatch(/declined|again/i);
});

test('What Stripe says of its own fields is passed on, and of a fault only that nothing was charged', () => {
  expect(refused({ type: 'validation_error', message: 'Your card number is incomplete.' })).toBe(
    'Your card number is incomplete.',
  );
  expect(refused({ type: 'api_error', message: 'internal' })).toMatch('nothing was charged');
});
