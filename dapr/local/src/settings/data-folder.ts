// Where a run keeps things, all under DATA_DIR. Commands share these names and nothing else knows them.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from '../apps';
import { Problem } from './problem';
import { defaultDataDir } from './read-settings';

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

/** Stands in a folder that `make run` made: names such as `logs` and `mail` alone could be anybody's. */
export const markerName = '.ticketing-data';
const markerText = 'The data of a marketplace started by make run; make reset removes what it made beside this file.\n';

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

/**
 * Makes the folders of a run, readable by their user only, and marks the folder as ours.
 * @throws Problem when DATA_DIR cannot be written or holds somebody else's things
 */
export function makeDataFolder(root: string): DataFolder {
  requireFolder(root);
  requireOwn(root);
  const folder = dataFolder(root);
  try {
    makeFolder(root);
    accessSync(root, constants.W_OK | constants.X_OK);
    writeFileSync(join(root, markerName), markerText, { mode: 0o600 });
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
  requireFolder(root);
  requireOwn(root);
  let nearest = root;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(root, error);
  }
}

/** @throws Problem when the folder holds things and no sign that they are ours */
export function requireOwn(root: string): void {
  if (!existsSync(root) || isEmpty(root) || isOwn(root)) return;
  throw new Problem(
    `${root} holds other things than the data of a marketplace, so it is left alone: set DATA_DIR to a new or an empty folder.`,
  );
}

/**
 * Runs from before there was a marker are known by their secrets file, which has a part that nobody else's has; the
 * default place is ours by its name.
 */
const isOwn = (root: string) =>
  existsSync(join(root, markerName)) ||
  root === defaultDataDir(process.env, process.platform) ||
  hasOwnSecrets(join(root, 'secrets.json'));

function hasOwnSecrets(file: string): boolean {
  if (!existsSync(file)) return false;
  const text = readFileSync(file, 'utf8');
  return text.includes('"simulator-secret"') && text.includes('"jwt-secret"');
}

const isEmpty = (root: string) => readdirSync(root).length === 0;

function requireFolder(root: string): void {
  if (existsSync(root) && !statSync(root).isDirectory())
    throw new Problem(`${root} is a file: set DATA_DIR to a folder of yours.`);
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
