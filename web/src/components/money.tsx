const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

/** Cents as people write them: 4500 is `$45.00`. */
export const formatMoney = (cents: number): string => dollars.format(cents / 100);

export const Money = ({ cents }: { cents: number }) => <>{formatMoney(cents)}</>;

const dollarsAndCents =
  /^(?:\$|usd)?\s*(?<whole>\d{1,3}(?:[, ]\d{3})+|\d+)?(?:[.,](?<part>\d{0,2}))?\s*(?:\$|usd|dollars?)?$/;

/**
 * What somebody typed, in cents: `45`, `45.00`, `$45`, `1,200.50`, `45,5`. A comma before three digits groups
 * thousands, before fewer it is a decimal one; `1.200` could mean both and is refused rather than guessed.
 * @returns nothing when it is no amount, or finer than a cent
 */
export function parseMoney(typed: string): number | undefined {
  const text = typed.normalize('NFKC').trim().toLowerCase();
  const { whole = '', part = '' } = dollarsAndCents.exec(text)?.groups ?? {};
  if (whole === '' && part === '') return undefined;
  return Number(whole.replace(/\D/g, '')) * 100 + Number(part.padEnd(2, '0'));
}
