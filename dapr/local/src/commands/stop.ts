import { setTimeout as pause } from 'node:timers/promises';
import { endLeftoversOf } from '../launcher/end-leftovers-of';
import { sendSignal } from '../processes/end-group';
import { isAlive, readRecord } from '../processes/process-record';
import { dataFolder } from '../settings/data-folder';
import { loadEnvFile } from '../settings/load-env-file';
import { Problem } from '../settings/problem';
import { readDataDir } from '../settings/read-settings';
import type { Command } from './command';

const patienceMs = 20_000;

export const command: Command = {
  summary: 'Stops the marketplace, or what a killed run has left',
  usage: 'stop        (DATA_DIR says which one)',
  async run() {
    loadEnvFile();
    const folder = dataFolder(readDataDir(process.env));
    const record = readRecord(folder.recordFile);
    if (!record) {
      process.stdout.write('Nothing is running.\n');
      return 0;
    }
    if (isAlive(record.launcher)) {
      sendSignal(record.launcher.pid, 'SIGTERM');
      const deadline = Date.now() + patienceMs;
      while (isAlive(record.launcher) && Date.now() < deadline) await pause(100);
      if (isAlive(record.launcher))
        throw new Problem(
          `Process ${record.launcher.pid} does not stop: look at its terminal, or end it with kill -9 ${record.launcher.pid} and run make stop again.`,
        );
      process.stdout.write('Stopped.\n');
      return 0;
    }
    const left = await endLeftoversOf(folder);
    process.stdout.write(
      left.length > 0 ? `Ended what a killed run had left: ${left.join(', ')}.\n` : 'Nothing is running.\n',
    );
    return 0;
  },
};
