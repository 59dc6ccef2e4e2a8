import { readConfiguration } from '@/server/configuration';

const environment = (values: Record<string, string>) => values as unknown as NodeJS.ProcessEnv;

test('Beside a sidecar the services are asked through it, whatever API_URL says', () => {
  const read = readConfiguration(
    environment({ DAPR_HTTP_PORT: '3500', PUBLIC_URL: 'https://t.example', API_URL: 'http://x.example' }),
  );
  expect([read.daprHttpPort, read.apiUrl, read.publicUrl.href]).toEqual(['3500', undefined, 'https://t.example/']);
});

test('Alone, the public address is the one of the API unless told otherwise', () => {
  const read = readConfiguration(environment({ API_URL: 'http://localhost:3000/' }));
  expect([read.apiUrl, read.publicUrl.href]).toEqual(['http://localhost:3000', 'http://localhost:3000/']);
});

test.each([
  [{}, 900_000],
  [{ HOLD_WINDOW: '8s' }, 8_000],
  [{ HOLD_WINDOW: '1h30m' }, 5_400_000],
  [{ HOLD_WINDOW: '90000ms' }, 90_000],
])('With %j a ticket is held for %i ms', (values, holdMs) => {
  expect(readConfiguration(environment({ API_URL: 'http://localhost:3000', ...values })).holdMs).toBe(holdMs);
});

test.each([
  [{}, /API_URL/],
  [{ DAPR_HTTP_PORT: '3500' }, /PUBLIC_URL/],
  [{ API_URL: 'localhost' }, /API_URL must be/],
  [{ DAPR_HTTP_PORT: '1', PUBLIC_URL: 'ftp://x' }, /PUBLIC_URL must be/],
  [{ DAPR_HTTP_PORT: '1', PUBLIC_URL: 'http://x', STRIPE_SCRIPT_URL: 'stripe.js' }, /STRIPE_SCRIPT_URL must be/],
  [{ API_URL: 'http://x', HOLD_WINDOW: 'soon' }, /HOLD_WINDOW must be/],
  [{ API_URL: 'http://x', HOLD_WINDOW: '0s' }, /HOLD_WINDOW must be/],
])('%j is refused in one sentence', (values, sentence) => {
  expect(() => readConfiguration(environment(values))).toThrow(sentence);
});
