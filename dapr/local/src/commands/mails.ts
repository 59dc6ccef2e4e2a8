import { loadEnvFile } from '../settings/load-env-file';
import type { Command } from './command';
import { mongoUrlOfRun, runOperatorProgram } from './operator-program';

export const command: Command = {
  summary: 'Lists the mails that wait or were given up; queues the latter again',
  usage: `mails [--again=id|all]

What waits is tried again by itself, for three days. What was given up is queued again by the id that the list shows, or all
of it at once.`,
  takes: { options: ['--again='] },
  async run(words) {
    loadEnvFile();
    return runOperatorProgram('mails', words, { MONGO_URL: mongoUrlOfRun() });
  },
};
