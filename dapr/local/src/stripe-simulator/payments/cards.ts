/** Stripe's test cards: https://docs.stripe.com/testing. What a number does is decided here and nowhere else. */
export interface TestCard {
  number: string;
  /** Stripe's name for a ready-made payment method with this card. */
  paymentMethodName: string;
  brand: string;
  funding: 'credit' | 'debit';
  asksForAuthentication: boolean;
  decline: Decline | null;
  /** What is refunded comes back from the bank, after Stripe has called it done. */
  refundsFail?: true;
  /** Its owner disputes each charge as soon as it is captured. */
  disputes?: true;
}

export interface Decline {
  code: string;
  declineCode: string;
  message: string;
}

const declined = (declineCode: string, message = 'Your card was declined.'): Decline => ({
  code: 'card_declined',
  declineCode,
  message,
});

const named = (code: string, message: string): Decline => ({ code, declineCode: code, message });

const visa = (number: string, paymentMethodName: string, decline: Decline | null, asks = false): TestCard => ({
  number,
  paymentMethodName,
  brand: 'visa',
  funding: 'credit',
  asksForAuthentication: asks,
  decline,
});

const approved = (
  number: string,
  paymentMethodName: string,
  brand: string,
  funding: 'credit' | 'debit' = 'credit',
): TestCard => ({ number, paymentMethodName, brand, funding, asksForAuthentication: false, decline: null });

export const testCards: readonly TestCard[] = [
  approved('4242424242424242', 'pm_card_visa', 'visa'),
  approved('4000056655665556', 'pm_card_visa_debit', 'visa', 'debit'),
  approved('5555555555554444', 'pm_card_mastercard', 'mastercard'),
  approved('2223003122003222', 'pm_card_mastercard_2_series', 'mastercard'),
  approved('5200828282828210', 'pm_card_mastercard_debit', 'mastercard', 'debit'),
  approved('378282246310005', 'pm_card_amex', 'amex'),
  approved('6011111111111117', 'pm_card_discover', 'discover'),
  approved('3056930009020004', 'pm_card_diners', 'diners'),
  approved('3566002020360505', 'pm_card_jcb', 'jcb'),
  approved('6200000000000005', 'pm_card_unionpay', 'unionpay'),

  { ...approved('4000000000005126', 'pm_card_refundFail', 'visa'), refundsFail: true },
  { ...approved('4000000000000259', 'pm_card_createDispute', 'visa'), disputes: true },

  visa('4000000000000002', 'pm_card_visa_chargeDeclined', declined('generic_decline')),
  visa(
    '4000000000009995',
    'pm_card_visa_chargeDeclinedInsufficientFunds',
    declined('insufficient_funds', 'Your card has insufficient funds.'),
  ),
  visa('4000000000009987', 'pm_card_visa_chargeDeclinedLostCard', declined('lost_card')),
  visa('4000000000009979', 'pm_card_visa_chargeDeclinedStolenCard', declined('stolen_card')),
  visa('4000000000000069', 'pm_card_chargeDeclinedExpiredCard', named('expired_card', 'Your card has expired.')),
  visa(
    '4000000000000127',
    'pm_card_chargeDeclinedIncorrectCvc',
    named('incorrect_cvc', "Your card's security code is incorrect."),
  ),
  visa(
    '4000000000000119',
    'pm_card_chargeDeclinedProcessingError',
    named('processing_error', 'An error occurred while processing your card. Try again in a little bit.'),
  ),
  visa('4000000000000341', 'pm_card_chargeCustomerFail', declined('generic_decline')),

  visa('4000002500003155', 'pm_card_authenticationRequiredOnSetup', null, true),
  visa('4000002760003184', 'pm_card_authenticationRequired', null, true),
  visa('4000000000003220', 'pm_card_threeDSecure2Required', null, true),
  visa('4000008400001629', 'pm_card_threeDSecureRequiredChargeDeclined', declined('generic_decline'), true),
];

/** A number that passes every check but is not one of the test cards: what Stripe answers in test mode. */
const notATestCard = (number: string): TestCard =>
  visa(
    number,
    '',
    declined(
      'test_mode_live_card',
      'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
    ),
  );

const byNumber = new Map(testCards.map((card) => [card.number, card]));
const byName = new Map(testCards.map((card) => [card.paymentMethodName, card]));

export const testCardOf = (number: string): TestCard => byNumber.get(number) ?? notATestCard(number);
export const testCardNamed = (paymentMethodName: string): TestCard | undefined => byName.get(paymentMethodName);
