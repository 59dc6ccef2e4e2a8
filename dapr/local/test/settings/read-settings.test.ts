import { Problem } from '../../src/settings/problem';
import { forgetSecrets, readDataDir, readSettings } from '../../src/settings/read-settings';

const home = { HOME: '/home/ana' };

describe('settings of a run', () => {
  test('have defaults for everything', () => {
    expect(readSettings(home, 'linux')).toEqual({
      publicPort: 3000,
      portBase: 14_000,
      holdWindow: '15m',
      paymentAttempts: 3,
      dataDir: '/home/ana/.local/share/ticketing',
      broker: 'redis',
    });
  });

  test.each([
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/ticketing'],
    ['darwin', {}, '/home/ana/Library/Application Support/ticketing'],
    ['linux', { DATA_DIR: '/srv/x' }, '/srv/x'],
    ['linux', { DATA_DIR: '~/x' }, '/home/ana/x'],
  ] as const)('on %s with %j keep data in %s', (platform, env, dataDir) => {
    expect(readDataDir({ ...home, ...env }, platform)).toBe(dataDir);
  });

  test.each(['15m', '8s', '1h30m', '1s', '1500ms', '24h'])('take a hold window of %s', (HOLD_WINDOW) => {
    expect(readSettings({ ...home, HOLD_WINDOW }).holdWindow).toBe(HOLD_WINDOW);
  });

  test.each([
    ['HOLD_WINDOW', 'later'],
    ['HOLD_WINDOW', '15'],
    ['HOLD_WINDOW', '0s'],
    ['HOLD_WINDOW', '-5m'],
    ['HOLD_WINDOW', '999ms'],
    ['HOLD_WINDOW', '24h1s'],
    ['HOLD_WINDOW', '99999h'],
    ['HOLD_WINDOW', '1h x'],
    ...['0', '11', '-1', '2.5', '3e0', 'three'].map((bad): [string, string] => ['PAYMENT_ATTEMPTS', bad]),
    ['PORT', '0'],
    ['PORT', '70000'],
    ['PORT', '3e3'],
    ['PORT_BASE', '65500'],
    ['PORT_BASE', '80'],
    ['STRIPE_PORT', 'x'],
    ['PUBSUB', 'kafka'],
    ['MONGO_URL', 'localhost:27017'],
    ['REDIS_URL', 'http://localhost'],
    ['JWT_KEY', 'k'.repeat(31)],
  ])('refuse %s=%s in one sentence that names it', (name, value) => {
    const read = () => readSettings({ ...home, [name]: value });
    expect(read).toThrow(Problem);
    expect(read).toThrow(new RegExp(`^[^\\n]*${name}[^\\n]*$`));
  });

  test('want all Stripe keys or none', () => {
    const keys = {
      STRIPE_SECRET_KEY: 'sk_test_1',
      STRIPE_PUBLISHABLE_KEY: 'pk_test_1',
      STRIPE_WEBHOOK_SECRET: 'whsec_1',
    };
    expect(readSettings({ ...home, ...keys }).stripe).toEqual({
      secretKey: 'sk_test_1',
      publishableKey: 'pk_test_1',
      webhookSecret: 'whsec_1',
    });
    expect(() => readSettings({ ...home, STRIPE_SECRET_KEY: 'sk_test_1' })).toThrow(
      /STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRET/,
    );
  });

  const liveKeys = {
    STRIPE_SECRET_KEY: 'sk_live_1',
    STRIPE_PUBLISHABLE_KEY: 'pk_live_1',
    STRIPE_WEBHOOK_SECRET: 'whsec_1',
  };

  test.each(['sk_live_1', 'rk_live_1'])('refuse the live key %s, unless told that it is meant', (secretKey) => {
    const live = { ...home, ...liveKeys, STRIPE_SECRET_KEY: secretKey };
    for (const ALLOW_LIVE_STRIPE of ['', '0', undefined])
      expect(() => readSettings({ ...live, ALLOW_LIVE_STRIPE })).toThrow(
        /^[^\n]*live keys[^\n]*ALLOW_LIVE_STRIPE=1[^\n]*$/,
      );
    expect(readSettings({ ...live, ALLOW_LIVE_STRIPE: '1' }).stripe?.secretKey).toBe(secretKey);
  });

  test.each([{ STRIPE_SECRET_KEY: 'sk_test_1' }, { STRIPE_PUBLISHABLE_KEY: 'pk_test_1' }])(
    'refuse a live key beside the test key %j, whatever is allowed',
    (testKey) => {
      const mixed = { ...home, ...liveKeys, ...testKey, ALLOW_LIVE_STRIPE: '1' };
      expect(() => readSettings(mixed)).toThrow(Problem);
      expect(() => readSettings(mixed)).toThrow(/same mode/);
    },
  );

  test('take a JWT_KEY of 32 characters, and name the minimum when refusing a shorter one without showing it', () => {
    expect(readSettings({ ...home, JWT_KEY: 'k'.repeat(32) }).jwtKey).toBe('k'.repeat(32));
    const read = () => readSettings({ ...home, JWT_KEY: 'k'.repeat(31) });
    expect(read).toThrow(/at least 32 characters, not 31/);
    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('kkk') }));
  });

  test('once read, leave no secret in the environment', () => {
    const env = {
      ...home,
      JWT_KEY: 'k'.repeat(32),
      STRIPE_SECRET_KEY: 'sk_test_1',
      STRIPE_PUBLISHABLE_KEY: 'pk_test_1',
      STRIPE_WEBHOOK_SECRET: 'whsec_1',
      STRIPE_PORT: '4000',
    };
    forgetSecrets(env);
    expect(env).toEqual({ ...home, STRIPE_PORT: '4000' });
  });

  test('do not show a password in a refusal', () => {
    expect(() => readSettings({ ...home, REDIS_URL: 'http://ana:hunter2@db' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  test('take an empty value as none', () => {
    expect(readSettings({ ...home, PORT: '', MONGO_URL: ' ', STRIPE_SECRET_KEY: '' })).toEqual(readSettings(home));
  });
});
