/** What the API takes, in cents; a test holds these against its contract. */
export const priceLimitsCents = { min: 50, max: 99_999_999 } as const;

export type ParsedPrice = { priceCents: number } | { problem: string };

const dollarsAndCents =
  /^(?:\$|usd)?\s*(?<whole>\d{1,3}(?:[, ]\d{3})+|\d+)?(?:[.,](?<cents>\d{0,2}))?\s*(?:\$|usd|dollars?)?$/;

/**
 * The price a person typed, in cents: `45`, `45.00`, `$45`, `1,200.50`, `45,5`. A comma before three digits groups
 * thousands, before fewer it is a decimal one; `1.200` could mean both and is refused rather than guessed.
 */
export function parsePrice(typed: string): ParsedPrice {
  const text = typed.normalize('NFKC').trim().toLowerCase();
  if (text === '') return { problem: 'Give a price.' };
  const { whole = '', cents = '' } = dollarsAndCents.exec(text)?.groups ?? {};
  if (whole === '' && cents === '') return { problem: 'Give dollars and cents, such as 45 or 45.50.' };
  const priceCents = Number(whole.replace(/\D/g, '')) * 100 + Number(cents.padEnd(2, '0'));
  if (priceCents < priceLimitsCents.min) return { problem: 'The lowest price is $0.50.' };
  if (priceCents > priceLimitsCents.max) return { problem: 'The highest price is $999,999.99.' };
  return { priceCents };
}

/** A price as it stands in the field: `4500` is `45.00`. */
export const priceText = (priceCents: number): string => (priceCents / 100).toFixed(2);
