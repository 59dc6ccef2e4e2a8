import { ConfigurationError, connectETicketKeys } from '../../src';
import { inProcessDapr } from '../../src/testing';

const long = 'k'.repeat(32);
const connect = (secrets: Record<string, Record<string, string>>, env: NodeJS.ProcessEnv = {}) =>
  connectETicketKeys({ dapr: inProcessDapr({ secrets }).of('orders'), env });

describe('connecting the keys of e-tickets', () => {
  test('When there are several, then one seals and all are known', async () => {
    expect(await connect({ 'ticket-secret': { sealWith: 'b', a: long, b: `${long}b` } })).toEqual({
      sealWith: 'B',
      keys: new Map([
        ['A', long],
        ['B', `${long}b`],
      ]),
    });
  });

  test.each<[string, Record<string, Record<string, string>>, string]>([
    ['there is no secret', {}, 'The secret ticket-secret cannot be read from the secret store: '],
    ['no key is named', { 'ticket-secret': { a: long } }, 'needs "sealWith"'],
    ['the named key is not there', { 'ticket-secret': { sealWith: 'a' } }, 'needs "sealWith"'],
    ['a key is too short', { 'ticket-secret': { sealWith: 'a', a: 'k'.repeat(31) } }, 'has 31 characters'],
    [
      'two names differ in case only',
      { 'ticket-secret': { sealWith: 'k1', k1: long, K1: `${long}b` } },
      'names differ only in upper and lower case',
    ],
    ['a name is none', { 'ticket-secret': { sealWith: 'a.b', 'a.b': long } }, 'a key named "a.b"'],
  ])('When %s, then the service does not start, and one sentence tells', async (_what, secrets, sentence) => {
    const refusal = await connect(secrets).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect((refusal as Error).message).toContain(sentence);
    expect((refusal as Error).message).not.toContain('\n');
  });

  test('When the published development key is met in production, then the service does not start', async () => {
    const secrets = { 'ticket-secret': { sealWith: 'dev', dev: 'dev-only-and-long-enough-to-be-taken-as-a-key' } };

    expect(await connect(secrets, { NODE_ENV: 'development' })).toMatchObject({ sealWith: 'DEV' });
    await expect(connect(secrets, { NODE_ENV: 'production' })).rejects.toThrow('production needs one of its own');
  });
});
