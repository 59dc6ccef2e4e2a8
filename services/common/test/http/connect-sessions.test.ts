import { ConfigurationError, connectSessions } from '../../src';
import { inProcessDapr, virtualClock } from '../../src/testing';

const connect = (secrets: Record<string, Record<string, string>>, env: NodeJS.ProcessEnv = {}) => {
  const clock = virtualClock();
  return connectSessions({ dapr: inProcessDapr({ clock, secrets }).of('auth'), clock, env });
};

describe('connecting the sessions', () => {
  test('When the key is 32 characters or longer, then sessions are signed with it', async () => {
    expect(await connect({ 'jwt-secret': { key: 'k'.repeat(32) } })).toMatchObject({ key: 'k'.repeat(32) });
  });

  test.each<[string, Record<string, Record<string, string>>, string]>([
    ['there is no secret', {}, 'The secret jwt-secret cannot be read from the secret store: '],
    ['the secret has no key', { 'jwt-secret': {} }, 'The secret jwt-secret has no "key"'],
    ['the key is too short', { 'jwt-secret': { key: 'k'.repeat(31) } }, 'has 31 characters'],
  ])('When %s, then the service does not start, and one sentence tells', async (_what, secrets, sentence) => {
    const refusal = await connect(secrets).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect((refusal as Error).message).toContain(sentence);
    expect((refusal as Error).message).not.toContain('\n');
  });

  test('When the published development key is met in production, then the service does not start', async () => {
    const secrets = { 'jwt-secret': { key: 'dev-only-and-long-enough-to-be-taken-as-a-key' } };

    expect(await connect(secrets, { NODE_ENV: 'development' })).toMatchObject({ key: expect.any(String) });
    await expect(connect(secrets, { NODE_ENV: 'production' })).rejects.toThrow('production needs one of its own');
  });
});
