import { ConfigurationError } from '../config';
import type { Dapr } from '../dapr';
import { isPublishedKey, keyCharacters } from '../http/connect-sessions';
import { type ETicketKeys, keyIdPattern } from './e-ticket-code';

const secretName = 'ticket-secret';

/**
 * The keys of e-tickets from the secret store: `sealWith` names the one that seals new e-tickets, every other entry is a
 * key under its id. Take a key out only when no ticket sealed with it is to be let in any more.
 * @throws ConfigurationError when there is no usable key, or a published one in production
 */
export async function connectETicketKeys({
  dapr,
  env = process.env,
}: {
  dapr: Pick<Dapr, 'secrets'>;
  env?: NodeJS.ProcessEnv;
}): Promise<ETicketKeys> {
  const { sealWith, ...entries } = await dapr.secrets.get(secretName).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`The secret ${secretName} cannot be read from the secret store: ${reason}`, { cause });
  });
  if (!sealWith || !entries[sealWith]) {
    throw new ConfigurationError(
      `The secret ${secretName} needs "sealWith" and the key that it names: put both into the secret store.`,
    );
  }
  for (const [id, key] of Object.entries(entries)) checkKey(id, key, env.NODE_ENV === 'production');
  const keys = new Map(Object.entries(entries).map(([id, key]) => [id.toUpperCase(), key]));
  if (keys.size < Object.keys(entries).length) {
    throw new ConfigurationError(
      `The secret ${secretName} has keys whose names differ only in upper and lower case: give each a name of its own.`,
    );
  }
  return { sealWith: sealWith.toUpperCase(), keys };
}

function checkKey(id: string, key: string, production: boolean): void {
  if (!keyIdPattern.test(id.toUpperCase())) {
    throw new ConfigurationError(
      `The secret ${secretName} has a key named "${id}": a name has 1 to 9 letters and digits.`,
    );
  }
  if (key.length < keyCharacters) {
    throw new ConfigurationError(
      `The key ${id} in the secret ${secretName} has ${key.length} characters: it must have at least ${keyCharacters}.`,
    );
  }
  if (production && isPublishedKey(key)) {
    throw new ConfigurationError(
      `The key ${id} in the secret ${secretName} is the published development key: production needs one of its own.`,
    );
  }
}
