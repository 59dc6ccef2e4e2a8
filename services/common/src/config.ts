// Configuration comes from the environment, is checked once at the start, and a fault is one sentence naming the variable.
import { z } from 'zod';

export class ConfigurationError extends Error {}

const durationUnitsMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `15m`, `8s`, `1h30m`, `500ms` -> milliseconds. */
export function parseDurationMs(text: string): number | undefined {
  if (!/^(\d+(ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|s|m|h)/g))
    total += Number(amount) * (durationUnitsMs[unit ?? ''] ?? 0);
  return total;
}

export const duration = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, ctx) => {
      const ms = parseDurationMs(text);
      if (ms !== undefined && ms > 0) return ms;
      ctx.addIssue(`must be a duration such as 15m or 8s, not "${text}"`);
      return z.NEVER;
    });

const base = {
  APP_ID: z.string().min(1),
  APP_HOST: z.string().default('0.0.0.0'),
  APP_PORT: z.coerce.number().int().min(1).max(65535),
  DAPR_HTTP_PORT: z.coerce.number().int().min(1).max(65535),
  DAPR_HOST: z.string().default('127.0.0.1'),
  APP_API_TOKEN: z.string().min(1).optional(),
  DAPR_API_TOKEN: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /**
   * How long daprd waits for company before it brings a batch of events. Short where the broker's component takes one
   * event after the other (JetStream): there each would wait for others that cannot come.
   */
  EVENT_BATCH_WAIT: duration('100ms'),
  /** Number of reverse proxies in front (Express `trust proxy`). */
  TRUST_PROXY: z.coerce.number().int().min(0).default(1),
};

/** What every service reads from its environment. */
export type BaseConfig = z.output<z.ZodObject<typeof base>>;
/** That, and what one service reads beside it. */
export type Config<Shape extends z.ZodRawShape> = BaseConfig & z.output<z.ZodObject<Shape>>;

/** Every service's settings, with the service's own beside them. @throws ConfigurationError naming the variable */
export function readConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: NodeJS.ProcessEnv = process.env,
): Config<Shape> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  return { ...settingsIn(given, base), ...settingsIn(given, shape) };
}

function settingsIn<Shape extends z.ZodRawShape>(
  given: Record<string, unknown>,
  shape: Shape,
): z.output<z.ZodObject<Shape>> {
  const result = z.object(shape).safeParse(given);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = String(issue?.path[0]);
  throw new ConfigurationError(
    name in given ? `${name} ${issue?.message}.` : `${name} is not set: give it a value in the environment.`,
  );
}
