import { newIdempotencyKey } from '@/api/new-idempotency-key';

test('Every key is another one, such as the services take', () => {
  const keys = Array.from({ length: 100 }, newIdempotencyKey);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
});
