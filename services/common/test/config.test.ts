import fc from 'fast-check';
import { z } from 'zod';
import { ConfigurationError, duration, parseDurationMs, readConfig } from '../src';

const whole = { APP_ID: 'orders', APP_PORT: '3001', DAPR_HTTP_PORT: '3500' };
const read = (env: Record<string, string>) =>
  readConfig({ HOLD_WINDOW: duration('15m'), MONGO_URL: z.string().min(1).optional() }, env);

describe('a duration', () => {
  test.each([
    ['15m', 900_000],
    ['8s', 8_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['1m500ms', 60_500],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  test('anything else is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^(\d+(ms|s|m|h))+$/.test(text));
        expect(parseDurationMs(text)).toBeUndefined();
      }),
    );
  });
});

describe('the configuration', () => {
  test('comes from the environment, with defaults', () => {
    expect(read(whole)).toMatchObject({ APP_PORT: 3001, APP_HOST: '0.0.0.0', HOLD_WINDOW: 900_000, LOG_LEVEL: 'info' });
    expect(read({ ...whole, HOLD_WINDOW: '8s' }).HOLD_WINDOW).toBe(8_000);
  });

  test('takes an empty value for none', () => {
    expect(read({ ...whole, HOLD_WINDOW: '', APP_API_TOKEN: '' })).toMatchObject({ HOLD_WINDOW: 900_000 });
  });

  test.each<[Record<string, string>, string]>([
    [{ APP_ID: 'orders', DAPR_HTTP_PORT: '1' }, 'APP_PORT is not set'],
    [{ ...whole, APP_PORT: '70000' }, 'APP_PORT '],
    [{ ...whole, APP_PORT: 'http' }, 'APP_PORT '],
    [{ ...whole, HOLD_WINDOW: '15 minutes' }, 'HOLD_WINDOW must be a duration such as 15m or 8s, not "15 minutes"'],
    [{ ...whole, HOLD_WINDOW: '0s' }, 'HOLD_WINDOW must be a duration'],
    [{ ...whole, LOG_LEVEL: 'loud' }, 'LOG_LEVEL '],
  ])('a fault is one sentence that names the variable: %j', (env, sentence) => {
    expect(() => read(env)).toThrow(ConfigurationError);
    expect(() => read(env)).toThrow(sentence);
  });
});
