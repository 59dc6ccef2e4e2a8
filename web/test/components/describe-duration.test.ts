import { describeDuration } from '@/components/describe-duration';

test.each([
  [900_000, '15 minutes'],
  [60_000, '1 minute'],
  [90_000, '90 seconds'],
  [150_000, '3 minutes'],
  [1_000, '1 second'],
  [500, '1 second'],
  [3_600_000, '1 hour'],
  [5_400_000, '90 minutes'],
])('%i ms are %s', (ms, words) => {
  expect(describeDuration(ms)).toBe(words);
});
