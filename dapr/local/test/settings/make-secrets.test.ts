import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSecrets } from '../../src/settings/make-secrets';

const real = { secretKey: 'sk_test_real', publishableKey: 'pk_test_real', webhookSecret: 'whsec_real' };

describe('the secrets of a stack', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    file = join(folder, 'secrets.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('are made once, kept, and readable by their user only', () => {
    const first = makeSecrets(file, {});
    expect(first['jwt-secret'].key.length).toBeGreaterThanOrEqual(32);
    expect(first['stripe-secret'].secretKey).toMatch(/^sk_test_\w+$/);
    expect(first['stripe-secret'].publishableKey).toMatch(/^pk_test_\w+$/);
    expect(first['stripe-secret'].webhookSecret).toMatch(/^whsec_\w+$/);
    expect(makeSecrets(file, {})).toEqual(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('have a key for e-tickets, and keep those that an operator has put beside it', () => {
    const { sealWith, ...keys } = makeSecrets(file, {})['ticket-secret'];
    expect(keys).toEqual({ [sealWith]: expect.stringMatching(/^.{32,}$/) });
    const rotated = { ...keys, sealWith: 'next', next: 'n'.repeat(40) };
    writeFileSync(file, JSON.stringify({ ...makeSecrets(file, {}), 'ticket-secret': rotated }));
    expect(makeSecrets(file, {})['ticket-secret']).toEqual(rotated);
  });

  test('of a stack from before there were e-tickets get their key, and lose nothing', () => {
    const { 'ticket-secret': _made, ...before } = makeSecrets(file, {});
    writeFileSync(file, JSON.stringify(before));
    expect(makeSecrets(file, {})).toMatchObject({ ...before, 'ticket-secret': { sealWith: expect.any(String) } });
  });

  test("are the environment's where it has some, and the simulator's again afterwards", () => {
    const simulated = makeSecrets(file, {})['stripe-secret'];
    const jwtKey = 'k'.repeat(40);
    const given = makeSecrets(file, { stripe: real, jwtKey });
    expect(given['stripe-secret']).toEqual(real);
    expect(given['jwt-secret'].key).toBe(jwtKey);
    expect(makeSecrets(file, {})['stripe-secret']).toEqual(simulated);
  });

  test('are what the secret store reads', () => {
    makeSecrets(file, { stripe: real });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      'stripe-secret': real,
      'jwt-secret': { key: expect.any(String) },
    });
  });

  test.each(['', 'not json', '{}'])('are never silently replaced when the file holds %j', (content) => {
    writeFileSync(file, content);
    expect(() => makeSecrets(file, {})).toThrow(/remove it/);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });
});
