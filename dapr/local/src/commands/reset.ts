import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, readRecord } from '../processes/process-record';
import { dataFolder, ownNames, requireOwn } from '../settings/data-folder';
import { loadEnvFile } from '../settings/load-env-file';
import { Problem } from '../settings/problem';
import { readDataDir } from '../settings/read-settings';
import { askYes } from './ask-yes';
import type { Command } from './command';

export const command: Command = {
  summary: 'Forgets all data of the local marketplace; asks first',
  usage: 'reset [--yes]',
  takes: { options: ['--yes'] },
  async run(words) {
    loadEnvFile();
    const root = readDataDir(process.env);
    const record = readRecord(dataFolder(root).recordFile);
    if (isRunning(record)) {
      throw new Problem('The marketplace is running: stop it first, with make stop.');
    }
    const present = ownNames.filter((name) => existsSync(join(root, name)));
    if (present.length === 0) {
      process.stdout.write(`There is nothing to forget in ${root}.\n`);
      return 0;
    }
    requireOwn(root);
    if (!words.includes('--yes') && !(await confirmed(root, present))) {
      process.stdout.write('Nothing was removed.\n');
      return 0;
    }
    for (const name of present) rmSync(join(root, name), { recursive: true, force: true });
    process.stdout.write(`Removed ${present.join(', ')} from ${root}.\n`);
    return 0;
  },
};

function confirmed(root: string, names: readonly string[]): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Problem('Nobody can be asked here: make reset YES=1 removes all data unasked.');
  return askYes(`Remove ${names.join(', ')} from ${root}: all accounts, tickets, orders and mails? [y/N] `, {
    input: process.stdin,
    output: process.stdout,
  });
}
