import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pino from 'pino';
import { webhookEvents } from '../backing/webhook-events';
import { startMailCatcher } from '../mail-catcher';
import type { Secrets } from '../settings/make-secrets';
import { startStripeSimulator } from '../stripe-simulator';
import type { Command } from './command';
import { untilSignalled } from './until-signalled';

const mongoGraceMs = 5_000;

export const command: Command = {
  summary: 'Runs the mail catcher, the Stripe simulator and, if need be, MongoDB (started by dapr/dapr.yaml)',
  usage:
    'backing     (SMTP_PORT, STRIPE_PORT: empty for none, INBOX_PORT, MONGO_URL, PUBLIC_URL, SECRETS_FILE and folders;\n' +
    '            in a cluster: BACKING_HOST, STRIPE_PUBLIC_URL, WEBHOOK_URL)',
  async run() {
    const { env } = process;
    const log = pino({ level: env.LOG_LEVEL ?? 'info', base: null });
    const mail = env.SMTP_PORT === '' ? undefined : await startCatcher(env, log);
    if (mail) log.info(`mail inbox at ${mail.webUrl}`);
    const stripe = env.STRIPE_PORT ? await startSimulator(env, Number(env.STRIPE_PORT), log) : undefined;
    if (stripe) log.info(`Stripe simulator at ${stripe.url}`);
    const mongo = env.MONGO_URL ? await startMongo(env.MONGO_URL, env.MONGO_DIR, log) : undefined;
    await untilSignalled();
    await Promise.all([mail?.stop(), stripe?.stop(), mongo?.stop(mongoGraceMs)]);
    return 0;
  },
};

/** On this machine for itself alone; in a pod for the others of the cluster. */
const hostOf = (env: NodeJS.ProcessEnv) => env.BACKING_HOST || '127.0.0.1';

/** Loaded only where a database may have to be started: a container has not got what that takes. */
async function startMongo(url: string, folder: string | undefined, log: pino.Logger) {
  const { startLocalMongo } = await import('../backing/start-local-mongo.js');
  return startLocalMongo(url, resolve(folder ?? '.dapr/mongo'), (line) => log.info(line));
}

const startCatcher = (env: NodeJS.ProcessEnv, log: pino.Logger) =>
  startMailCatcher({
    smtpPort: Number(env.SMTP_PORT ?? 14_054),
    webPort: Number(env.INBOX_PORT ?? 14_055),
    host: hostOf(env),
    ...(env.MAIL_DIR ? { dataDir: resolve(env.MAIL_DIR) } : {}),
    log,
  });

function startSimulator(env: NodeJS.ProcessEnv, port: number, log: pino.Logger) {
  const secrets = JSON.parse(readFileSync(resolve(env.SECRETS_FILE ?? 'dapr/dev-secrets.json'), 'utf8')) as Secrets;
  return startStripeSimulator({
    port,
    host: hostOf(env),
    ...(env.STRIPE_PUBLIC_URL ? { publicUrl: env.STRIPE_PUBLIC_URL } : {}),
    ...secrets['stripe-secret'],
    webhookEvents: [...webhookEvents],
    webhookUrl: env.WEBHOOK_URL || `${env.PUBLIC_URL ?? 'http://localhost:3000'}/api/payments/webhook`,
    ...(env.STRIPE_DATA_FILE ? { dataFile: resolve(env.STRIPE_DATA_FILE) } : {}),
    log,
  });
}
