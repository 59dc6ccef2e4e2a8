// What the environment says about a run, checked once: a fault is one sentence naming the variable.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultPortBase, portSpan } from '../ports';
import { Problem } from './problem';

export type Broker = 'redis' | 'nats';

export interface Settings {
  /** The one public address is http://localhost:<publicPort>. */
  publicPort: number;
  portBase: number;
  /** Where the Stripe simulator listens, when it is not derived from portBase. */
  stripePort?: number;
  /** How long a ticket is held, as written (`15m`, `8s`, `1h30m`). */
  holdWindow: string;
  /** How many declined cards end a payment. */
  paymentAttempts: number;
  /** All state: databases, logs, keys. */
  dataDir: string;
  broker: Broker;
  /** A MongoDB to use instead of starting one. */
  mongoUrl?: string;
  /** A Redis to use instead of starting one. */
  redisUrl?: string;
  /** Real Stripe keys; without them the simulator is used. */
  stripe?: StripeKeys;
  /** The key that signs sessions, instead of one made at the first run. */
  jwtKey?: string;
}

export interface StripeKeys {
  secretKey: string;
  publishableKey: string;
  webhookSecret: string;
}

/** The shortest JWT_KEY that the services take: HS256 wants a key as long as its hash (RFC 7518, 3.2). */
export const jwtKeyCharacters = 32;

/** @throws Problem naming the variable that is wrong */
export function readSettings(env: NodeJS.ProcessEnv, platform = process.platform): Settings {
  const value = (name: string) => (env[name]?.trim() ? env[name]?.trim() : undefined);
  const stripePort = value('STRIPE_PORT');
  const stripe = stripeKeys(value);
  if (stripe) refuseCharging(stripe, value('ALLOW_LIVE_STRIPE') === '1');
  return {
    publicPort: port('PORT', value('PORT') ?? '3000'),
    portBase: portBase(value('PORT_BASE') ?? String(defaultPortBase)),
    ...(stripePort === undefined ? {} : { stripePort: port('STRIPE_PORT', stripePort) }),
    holdWindow: holdWindow(value('HOLD_WINDOW') ?? '15m'),
    paymentAttempts: paymentAttempts(value('PAYMENT_ATTEMPTS') ?? '3'),
    dataDir: readDataDir(env, platform),
    broker: broker(value('PUBSUB') ?? 'redis'),
    ...given('mongoUrl', url('MONGO_URL', value('MONGO_URL'), ['mongodb:', 'mongodb+srv:'])),
    ...given('redisUrl', readRedisUrl(env)),
    ...given('stripe', stripe),
    ...given('jwtKey', jwtKey(value('JWT_KEY'))),
  };
}

/** REDIS_URL alone. @throws Problem when it is none */
export const readRedisUrl = (env: NodeJS.ProcessEnv): string | undefined =>
  url('REDIS_URL', env.REDIS_URL?.trim() || undefined, ['redis:', 'rediss:']);

/** DATA_DIR alone, for commands that look at a stack without starting one. No shell expands `~` in `.env`. */
export function readDataDir(env: NodeJS.ProcessEnv, platform = process.platform): string {
  const given = env.DATA_DIR?.trim().replace(/^~(?=\/|$)/, env.HOME || homedir());
  return resolve(given || defaultDataDir(env, platform));
}

export function defaultDataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = env.HOME || homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'ticketing');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'ticketing');
}

/**
 * Takes what is secret out of an environment, once it has been read. The services get their secrets from the secret
 * store and nothing else needs them: the environment of a process is seen by all that it starts.
 */
export function forgetSecrets(env: NodeJS.ProcessEnv): void {
  for (const name of ['JWT_KEY', ...stripeVariables]) delete env[name];
}

const given = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [K in Name]?: Value };

function port(name: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 65_535) return number;
  throw new Problem(`${name} must be a port between 1 and 65535, not "${text}".`);
}

function portBase(text: string): number {
  const base = port('PORT_BASE', text);
  if (base >= 1024 && base <= 65_535 - portSpan) return base;
  throw new Problem(
    `PORT_BASE must be between 1024 and ${65_535 - portSpan}, as ${portSpan} ports follow it, not "${text}".`,
  );
}

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const shortestHoldMs = 1_000;
const longestHoldMs = 24 * 3_600_000;

function holdWindow(text: string): string {
  const parts = /^(\d+(ms|s|m|h))+$/.test(text) ? [...text.matchAll(/(\d+)(ms|s|m|h)/g)] : [];
  const holdMs = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitMs[unit] ?? 0), 0);
  if (holdMs >= shortestHoldMs && holdMs <= longestHoldMs) return text;
  throw new Problem(`HOLD_WINDOW must be a duration from 1s to 24h, such as 15m, 8s or 1h30m, not "${text}".`);
}

const mostAttempts = 10;

function paymentAttempts(text: string): number {
  const attempts = Number(text);
  if (/^\d+$/.test(text) && attempts >= 1 && attempts <= mostAttempts) return attempts;
  throw new Problem(`PAYMENT_ATTEMPTS must be a whole number from 1 to ${mostAttempts}, not "${text}".`);
}

function broker(text: string): Broker {
  if (text === 'redis' || text === 'nats') return text;
  throw new Problem(`PUBSUB must be redis or nats, not "${text}".`);
}

function url(name: string, text: string | undefined, protocols: string[]): string | undefined {
  if (text === undefined) return undefined;
  if (protocols.some((protocol) => text.startsWith(`${protocol}//`) && text.length > protocol.length + 2)) return text;
  throw new Problem(
    `${name} must start with ${protocols.map((p) => `${p}//`).join(' or ')} and name a host, not "${withoutPassword(text)}".`,
  );
}

const withoutPassword = (text: string) => text.replace(/:[^:@/]+@/, ':***@');

function jwtKey(key: string | undefined): string | undefined {
  if (key === undefined || key.length >= jwtKeyCharacters) return key;
  throw new Problem(
    `JWT_KEY must have at least ${jwtKeyCharacters} characters, not ${key.length}: lengthen it, or unset it to have one made.`,
  );
}

const stripeVariables = ['STRIPE_SECRET_KEY', 'STRIPE_PUBLISHABLE_KEY', 'STRIPE_WEBHOOK_SECRET'] as const;

function stripeKeys(value: (name: string) => string | undefined): StripeKeys | undefined {
  const [secretKey, publishableKey, webhookSecret] = stripeVariables.map(value);
  if (secretKey && publishableKey && webhookSecret) return { secretKey, publishableKey, webhookSecret };
  const missing = stripeVariables.filter((name) => !value(name));
  if (missing.length === stripeVariables.length) return undefined;
  throw new Problem(
    `${missing.join(' and ')} must be set too: real Stripe needs all of ${stripeVariables.join(', ')}; unset them all to use the simulator.`,
  );
}

/** A marketplace on a developer's machine is not to move money by an oversight. */
function refuseCharging({ secretKey, publishableKey }: StripeKeys, allowLive: boolean): void {
  const [secret, publishable] = [isLive(secretKey), isLive(publishableKey)];
  if (secret !== publishable) {
    throw new Problem(
      `STRIPE_SECRET_KEY is a ${secret ? 'live' : 'test'} key and STRIPE_PUBLISHABLE_KEY a ${publishable ? 'live' : 'test'} one: take both from the same mode of the same account.`,
    );
  }
  if (secret && !allowLive) {
    throw new Problem(
      'STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY are live keys, which charge real cards: use test keys, or set ALLOW_LIVE_STRIPE=1 if that is meant.',
    );
  }
}

/** Stripe names the mode in its keys: sk_live_…, rk_live_… (restricted), pk_live_…. */
const isLive = (key: string) => /^[a-z]+_live_/.test(key);
