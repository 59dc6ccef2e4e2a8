import { parseMoney } from '@/components/money';

/** What the API takes, in cents; a test holds these against its contract. */
export const priceLimitsCents = { min: 50, max: 99_999_999 } as const;

export type ParsedPrice = { priceCents: number } | { problem: string };

/** The price a seller typed, within what the market takes. */
export function parsePrice(typed: string): ParsedPrice {
  if (typed.trim() === '') return { problem: 'Give a price.' };
  const priceCents = parseMoney(typed);
  if (priceCents === undefined) return { problem: 'Give dollars and cents, such as 45 or 45.50.' };
  if (priceCents < priceLimitsCents.min) return { problem: 'The lowest price is $0.50.' };
  if (priceCents > priceLimitsCents.max) return { problem: 'The highest price is $999,999.99.' };
  return { priceCents };
}

/** A price as it stands in the field: `4500` is `45.00`. */
export const priceText = (priceCents: number): string => (priceCents / 100).toFixed(2);
