const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

/** Cents as people write them: 4500 is `$45.00`. */
export const formatMoney = (cents: number): string => dollars.format(cents / 100);

export const Money = ({ cents }: { cents: number }) => <>{formatMoney(cents)}</>;

/**
 * What somebody typed, in cents: `45`, `45.5`, `$1,200.00`.
 * @returns nothing when it is no amount, or finer than a cent
 */
export function parseMoney(text: string): number | undefined {
  const match = /^\$?\s*(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d{0,2}))?$/.exec(text.trim());
  const [, whole = '', part = ''] = match ?? [];
  if (whole + part === '') return undefined;
  return Number(whole.replaceAll(',', '') || 0) * 100 + Number(part.padEnd(2, '0'));
}
