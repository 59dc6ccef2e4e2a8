import fc from 'fast-check';
import { formatMoney, parseMoney } from '@/components/money';

test('Whatever is written is read again, to the cent', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999 }), (cents) => {
      expect(parseMoney(formatMoney(cents))).toBe(cents);
    }),
  );
});

test.each([
  ['45', 4_500],
  [' $45.5 ', 4_550],
  ['.5', 50],
  ['45.', 4_500],
  ['1,200.00', 120_000],
  ['1,20', 120],
  ['12 usd', 1_200],
  ['４５', 4_500],
])('%p is an amount', (text, cents) => {
  expect(parseMoney(text)).toBe(cents);
});

test.each(['', '.', '$', 'abc', '12,3456', '1.200', '45.123', '-5', '1e3', '1,20.5'])('%p is none', (text) => {
  expect(parseMoney(text)).toBeUndefined();
});
