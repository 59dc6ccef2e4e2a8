import { invalidRequest } from '../http/stripe-error';

/** Stripe's bounds for a charge in a two-decimal currency: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const smallest = 50;
const largest = 99_999_999;

export function checkAmount(amount: number, currency: string): number {
  if (amount < 1) {
    throw invalidRequest('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  }
  if (amount < smallest) {
    throw invalidRequest(`Amount must be at least $0.50 ${currency}`, { code: 'amount_too_small', param: 'amount' });
  }
  if (amount > largest) {
    throw invalidRequest(`Amount must be no more than $999,999.99 ${currency}`, {
      code: 'amount_too_large',
      param: 'amount',
    });
  }
  return amount;
}

const currencies = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

export function checkCurrency(currency: string): string {
  const lower = currency.toLowerCase();
  if (currencies.has(lower)) return lower;
  throw invalidRequest(`Invalid currency: ${lower.slice(0, 20)}.`, { param: 'currency' });
}
