// Lays out DATA_DIR/run for one run: the rendered run file, Dapr configuration and a working folder per app.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type App, apps } from '../apps';
import type { Ports } from '../ports';
import type { DataFolder } from '../settings/data-folder';
import type { Settings } from '../settings/read-settings';
import { repositoryDir } from '../settings/repository';
import { renderRunFile } from './render-run-file';
import type { RunFile } from './run-file';

export const readRunFile = (): RunFile => parse(readFileSync(join(repositoryDir, 'dapr', 'dapr.yaml'), 'utf8'));

export interface RunFolder {
  settings: Settings;
  folder: DataFolder;
  ports: Ports;
  runtimePath: string;
  webFromSource: boolean;
  mongoUrl: string;
  redisUrl: string;
}

/** @returns the path for `dapr run -f` and what is in it */
export function writeRunFolder(how: RunFolder): { path: string; runFile: RunFile } {
  const { folder, settings, ports, runtimePath, webFromSource } = how;
  for (const app of apps) linkLogs(folder, app);
  for (const file of localConfigurations())
    writeFileSync(join(folder.run, file), renderConfiguration(file, join(folder.run, 'names.db')));
  rmSync(join(folder.run, 'names.db'), { force: true });
  const runFile = renderRunFile(readRunFile(), {
    repositoryDir,
    node: process.execPath,
    resourcesPath: join(repositoryDir, 'components', settings.broker === 'nats' ? 'local-nats' : 'local'),
    configFilePath: (committed) => join(folder.run, localConfiguration(committed)),
    runtimePath,
    appDir: folder.appDir,
    ports,
    webFromSource,
    env: runEnvironment(how),
  });
  const path = join(folder.run, 'dapr.yaml');
  writeFileSync(path, stringify(runFile));
  return { path, runFile };
}

const configDir = join(repositoryDir, 'dapr', 'config');

export const localConfigurations = (): string[] => readdirSync(configDir).filter((file) => file.startsWith('local'));

/** The counterpart of what the committed file names for `dapr init`: `config/dapr-init-orders.yaml` is `local-orders.yaml`. */
export const localConfiguration = (committed: string): string => basename(committed).replace(/^dapr-init/, 'local');

/** A committed configuration with the path of this run's name file. */
export function renderConfiguration(file: string, namesFile: string): string {
  const configuration = parse(readFileSync(join(configDir, file), 'utf8'));
  configuration.spec.nameResolution.configuration.connectionString = namesFile;
  return stringify(configuration);
}

/** The CLI writes logs to .dapr/logs of the app's folder; the link brings those of all apps together. */
function linkLogs(folder: DataFolder, app: App): void {
  const daprDir = join(folder.appDir(app), '.dapr');
  mkdirSync(daprDir, { recursive: true });
  const link = join(daprDir, 'logs');
  if (!existsSync(link)) symlinkSync(folder.logs, link);
}

function runEnvironment({
  settings,
  folder,
  ports,
  webFromSource,
  mongoUrl,
  redisUrl,
}: RunFolder): Record<string, string> {
  const appUrl = (app: App) => `http://127.0.0.1:${ports.apps[app].app}`;
  return {
    PORT: String(settings.publicPort),
    PUBLIC_URL: publicUrl(settings),
    HOLD_WINDOW: settings.holdWindow,
    PAYMENT_ATTEMPTS: String(settings.paymentAttempts),
    // JetStream's component brings one event after the other: each would wait for company that cannot come.
    EVENT_BATCH_WAIT: settings.broker === 'nats' ? '2ms' : '100ms',
    MONGO_URL: mongoUrl,
    REDIS_URL: redisUrl,
    // Empty means the real Stripe.
    STRIPE_API_URL: settings.stripe ? '' : `http://127.0.0.1:${ports.backing.stripe}`,
    AUTH_URL: appUrl('auth'),
    TICKETS_URL: appUrl('tickets'),
    ORDERS_URL: appUrl('orders'),
    PAYMENTS_URL: appUrl('payments'),
    NODE_ENV: webFromSource ? 'development' : 'production',
    WEB_URL: appUrl('web'),
    INBOX_URL: `http://127.0.0.1:${ports.backing.inbox}`,
    SMTP_PORT: String(ports.backing.smtp),
    INBOX_PORT: String(ports.backing.inbox),
    STRIPE_PORT: settings.stripe ? '' : String(ports.backing.stripe),
    // Empty means Stripe's own script.
    STRIPE_SCRIPT_URL: settings.stripe ? '' : `http://localhost:${ports.backing.stripe}/stripe.js`,
    MONGO_DIR: folder.mongo,
    MAIL_DIR: folder.mail,
    STRIPE_DATA_FILE: folder.stripeFile,
    SECRETS_FILE: folder.secretsFile,
  };
}

export const publicUrl = ({ publicPort }: Pick<Settings, 'publicPort'>) => `http://localhost:${publicPort}`;
