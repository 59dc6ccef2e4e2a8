import { dataFolder } from '../settings/data-folder';
import { loadEnvFile } from '../settings/load-env-file';
import { readSecrets } from '../settings/make-secrets';
import { Problem } from '../settings/problem';
import { readDataDir } from '../settings/read-settings';
import type { Command } from './command';
import { mongoUrlOfRun, recordOfRun, runOperatorProgram } from './operator-program';

const impossible = 2;

export const command: Command = {
  summary: 'Compares the ledger, orders, tickets and Stripe, and prints every difference',
  usage: `audit [order] [--grace=60s]

Only reads, and may run while the marketplace trades: what differs is looked at again for the grace, as it may be under
way. With an order, it prints that order's ledger, too.

Exit code: 0 no difference, 1 differences, 2 it could not be done. (make answers 2 for both of the latter.)`,
  takes: { words: 1, options: ['--grace='] },
  async run(words) {
    loadEnvFile();
    try {
      return await runOperatorProgram('audit', words, { MONGO_URL: mongoUrlOfRun(), ...stripeOfRun() });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      process.stderr.write(`The audit could not be done: ${error.message}\n`);
      return impossible;
    }
  },
};

/** The Stripe that the run uses: its keys are in its secrets, and the simulator has keys of its own. */
function stripeOfRun(): Record<string, string> {
  if (process.env.STRIPE_SECRET_KEY?.trim()) return {};
  const { 'stripe-secret': used, 'simulator-secret': simulator } = readSecrets(
    dataFolder(readDataDir(process.env)).secretsFile,
  );
  if (used.secretKey !== simulator?.secretKey) return { STRIPE_SECRET_KEY: used.secretKey };
  const port = recordOfRun()?.ports.stripe;
  if (!port) throw new Problem('The Stripe simulator is not running: make run first.');
  return { STRIPE_SECRET_KEY: used.secretKey, STRIPE_API_URL: `http://127.0.0.1:${port}` };
}
