import { ConfigurationError, readConfig } from '@ticketing/common';
import { paymentAttempts } from '../src/settings';

const read = (value?: string) =>
  readConfig(
    { PAYMENT_ATTEMPTS: paymentAttempts },
    { APP_ID: 'payments', APP_PORT: '3000', DAPR_HTTP_PORT: '3500', PAYMENT_ATTEMPTS: value },
  ).PAYMENT_ATTEMPTS;

test.each([
  [undefined, 3],
  ['', 3],
  ['1', 1],
  ['10', 10],
])('When PAYMENT_ATTEMPTS is %j, then %i declines end a payment', (value, attempts) => {
  expect(read(value)).toBe(attempts);
});

test.each(['0', '11', '-1', '2.5', '3e0', ' 3', 'three'])(
  'When PAYMENT_ATTEMPTS is %j, then one sentence that names it stops the start',
  (value) => {
    expect(() => read(value)).toThrow(ConfigurationError);
    expect(() => read(value)).toThrow(`PAYMENT_ATTEMPTS must be a whole number from 1 to 10, not "${value}".`);
  },
);
