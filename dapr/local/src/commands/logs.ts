import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { findLog, lastLinesOf, logNames, plainLine } from '../launcher/logs';
import { isRunning, readRecord } from '../processes/process-record';
import { dataFolder } from '../settings/data-folder';
import { loadEnvFile } from '../settings/load-env-file';
import { Problem } from '../settings/problem';
import { readDataDir } from '../settings/read-settings';
import type { Command } from './command';

const lookEveryMs = 300;

export const command: Command = {
  summary: 'Shows the log of an app, a sidecar or a backing program, and follows it',
  usage: `logs <name> [--no-follow]

Names: an app (orders), its sidecar (orders.daprd), or redis, mongo, nats, placement, scheduler, dapr.`,
  takes: { words: 1, options: ['--no-follow'] },
  async run(words) {
    loadEnvFile();
    const { logs, recordFile } = dataFolder(readDataDir(process.env));
    const name = words.find((word) => !word.startsWith('-'));
    const path = name && findLog(logs, name);
    if (!name || !path) {
      const names = logNames(logs);
      throw new Problem(
        `${name ? `There is no log of ${name}` : 'Say whose log: make logs SERVICE=orders'}. ${names.length > 0 ? `There are: ${names.join(', ')}.` : `Nothing has run yet on ${logs}.`}`,
      );
    }
    process.stdout.write(`${lastLinesOf(logs, name, 40).replaceAll(/^ {2}/gm, '')}\n`);
    if (!isRunning(readRecord(recordFile))) {
      process.stderr.write(
        'The marketplace is not running: this was the end of what it said last. make run starts it.\n',
      );
      return 0;
    }
    if (!words.includes('--no-follow')) await follow(logs, name, path);
    return 0;
  },
};

/** Shows what is appended, until Ctrl-C; goes on with the new file when the app has been started again. */
async function follow(logs: string, name: string, first: string): Promise<void> {
  let path = first;
  let offset = statSync(path).size;
  const look = setInterval(() => {
    const newest = findLog(logs, name);
    if (newest && newest !== path) [path, offset] = [newest, 0];
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size < offset) offset = 0;
    if (size === offset) return;
    process.stdout.write(readRange(path, offset, size).split('\n').map(plainLine).join('\n'));
    offset = size;
  }, lookEveryMs);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    // The reader of a pipe (`| head`) has gone.
    process.stdout.once('error', () => resolve());
  });
  clearInterval(look);
}

function readRange(path: string, from: number, to: number): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(to - from);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from)).toString('utf8');
  } finally {
    closeSync(file);
  }
}
