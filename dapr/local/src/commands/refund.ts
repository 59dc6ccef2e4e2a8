import { loadEnvFile } from '../settings/load-env-file';
import type { Command } from './command';
import { mongoUrlOfRun, runOperatorProgram } from './operator-program';

export const command: Command = {
  summary: "Gives an order's money back, asking first; without an order, lists the refunds that wait",
  usage: 'refund [order] [--yes]',
  takes: { words: 1, options: ['--yes'] },
  async run(words) {
    loadEnvFile();
    return runOperatorProgram('refund', words, { MONGO_URL: mongoUrlOfRun() });
  },
};
