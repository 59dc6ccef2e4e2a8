// The secrets of a stack. Made once and kept, so that sessions and simulated payments survive a restart; keys given in
// the environment win, and are never mixed with those of the simulator.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Problem } from './problem';
import type { Settings, StripeKeys } from './read-settings';

/** What the Dapr secret store `secrets` serves. */
export interface Secrets {
  'jwt-secret': { key: string };
  'stripe-secret': StripeKeys;
  /** `sealWith` names the key that seals new e-tickets; every other entry is a key by its id. */
  'ticket-secret': { sealWith: string } & Record<string, string>;
}

export interface KeptSecrets extends Secrets {
  /** Kept aside while real keys are in use. */
  'simulator-secret'?: StripeKeys;
}

/** Writes DATA_DIR/secrets.json (0600) and answers what is in it. @throws Problem when the file is not ours */
export function makeSecrets(file: string, { jwtKey, stripe }: Pick<Settings, 'jwtKey' | 'stripe'>): Secrets {
  const kept = readKept(file);
  const simulator = kept?.['simulator-secret'] ?? simulatorKeys();
  const secrets: KeptSecrets = {
    'jwt-secret': { key: jwtKey ?? kept?.['jwt-secret'].key ?? randomBytes(48).toString('base64url') },
    'stripe-secret': stripe ?? simulator,
    'ticket-secret': kept?.['ticket-secret'] ?? ticketKeys(),
    'simulator-secret': simulator,
  };
  const unfinished = `${file}.new`;
  writeFileSync(unfinished, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
  return secrets;
}

function ticketKeys(): Secrets['ticket-secret'] {
  const id = randomBytes(3).toString('hex');
  return { sealWith: id, [id]: randomBytes(48).toString('base64url') };
}

/** What an earlier run keeps. @throws Problem when there is no such file, or it is not ours */
export function readSecrets(file: string): KeptSecrets {
  const kept = readKept(file);
  if (!kept) throw new Problem(`There is no ${file}: make run makes it.`);
  return kept;
}

export const randomToken = () => randomBytes(24).toString('base64url');

function readKept(file: string): KeptSecrets | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as KeptSecrets;
    if (typeof kept['jwt-secret'].key === 'string') return kept;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw new Problem(
    `${file} cannot be read as secrets: remove it to have new ones made (which signs everybody out and makes e-tickets void).`,
  );
}

const simulatorKeys = (): StripeKeys => ({
  secretKey: `sk_test_${letters()}`,
  publishableKey: `pk_test_${letters()}`,
  webhookSecret: `whsec_${letters()}`,
});

const letters = () => randomBytes(18).toString('hex');
