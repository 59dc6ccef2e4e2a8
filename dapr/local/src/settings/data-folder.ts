// Where a run keeps things, all under DATA_DIR. Commands share these names and nothing else knows them.
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from '../apps';
import { Problem } from './problem';

export interface DataFolder {
  root: string;
  /** Logs of apps, sidecars and backing programs. */
  logs: string;
  /** What exists only while a stack runs: rendered files, process records. */
  run: string;
  secretsFile: string;
  /** What was started, so that `stop` and the next `run` can find it. */
  recordFile: string;
  /** The working folder of an app and its sidecar. */
  appDir(app: App): string;
  redis: string;
  mongo: string;
  nats: string;
  scheduler: string;
  mail: string;
  stripeFile: string;
}

/** The names we make in DATA_DIR: `reset` removes these and nothing else. */
export const ownNames = [
  'logs',
  'run',
  'secrets.json',
  'redis',
  'mongo',
  'nats',
  'scheduler',
  'mail',
  'stripe.json',
] as const;

export function dataFolder(root: string): DataFolder {
  const run = join(root, 'run');
  return {
    root,
    logs: join(root, 'logs'),
    run,
    secretsFile: join(root, 'secrets.json'),
    recordFile: join(run, 'processes.json'),
    appDir: (app) => join(run, app),
    redis: join(root, 'redis'),
    mongo: join(root, 'mongo'),
    nats: join(root, 'nats'),
    scheduler: join(root, 'scheduler'),
    mail: join(root, 'mail'),
    stripeFile: join(root, 'stripe.json'),
  };
}

/** Makes the folders of a run, readable by their user only. @throws Problem when DATA_DIR cannot be written */
export function makeDataFolder(root: string): DataFolder {
  const folder = dataFolder(root);
  try {
    makeFolder(root);
    accessSync(root, constants.W_OK | constants.X_OK);
    for (const path of [
      folder.logs,
      folder.run,
      folder.redis,
      folder.mongo,
      folder.nats,
      folder.scheduler,
      folder.mail,
    ]) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    }
  } catch (error) {
    throw unwritable(root, error);
  }
  return folder;
}

/** Whether a run could make its folders, without making them. @throws Problem when it could not */
export function checkDataFolder(root: string): void {
  let nearest = root;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(root, error);
  }
}

const unwritable = (root: string, error: unknown) =>
  new Problem(
    `Cannot write to ${root} (${(error as NodeJS.ErrnoException).code ?? error}): set DATA_DIR to a folder of yours.`,
  );

/** One by one: Node's own recursion never ends where a folder exists that takes no others (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}
