import { ConfigurationError } from '@ticketing/common';
import { inProcessDapr } from '@ticketing/common/testing';
import { readStripeSecret } from '../../src/stripe/read-stripe-secret';

const good = { secretKey: 'sk_test_1', publishableKey: 'pk_test_1', webhookSecret: 'whsec_1' };
const read = (secrets: Record<string, Record<string, string>>) =>
  readStripeSecret(inProcessDapr({ secrets }).of('payments'));

test('When the secret is whole, then its keys are used', async () => {
  expect(await read({ 'stripe-secret': good })).toEqual(good);
});

test.each([
  ['is not there', {}, /cannot be read/],
  ['lacks a key', { 'stripe-secret': { ...good, webhookSecret: undefined as never } }, /it has no webhookSecret/],
  ['has its keys swapped', { 'stripe-secret': { ...good, secretKey: 'pk_test_1' } }, /its secretKey is malformed/],
])('When the secret %s, then the service says which and does not start', async (_what, secrets, sentence) => {
  const reading = read(secrets as Record<string, Record<string, string>>);
  await expect(reading).rejects.toThrow(ConfigurationError);
  await expect(read(secrets as Record<string, Record<string, string>>)).rejects.toThrow(sentence);
});
