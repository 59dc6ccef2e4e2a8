/** An amount in minor units, for operators: `45.00 USD`. */
export const moneyText = (cents: number, currency = 'usd'): string =>
  `${(cents / 100).toFixed(2)} ${currency.toUpperCase()}`;
