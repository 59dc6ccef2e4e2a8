import type { Clock } from '../clock';
import { ConfigurationError } from '../config';
import type { Dapr } from '../dapr';
import { createSessions, type Sessions } from './session';
import { type SignedOutSessions, signedOutSessions } from './signed-out';

export interface ConnectedSessions {
  /** Guards routes and tells who is asking. */
  sessions: Sessions;
  /** Ends sessions before they lapse; only auth does. */
  signedOut: SignedOutSessions;
  /** What sessions are signed with; only auth signs. */
  key: string;
}

const secretName = 'jwt-secret';
/** HS256 wants a key at least as long as its hash (RFC 7518, 3.2). */
export const keyCharacters = 32;
/** As the keys begin that this repository publishes for development. */
export const isPublishedKey = (key: string): boolean => key.startsWith('dev-only');

/**
 * Sessions as every service checks them: the key from the secret store, what was signed out from the state store.
 * @throws ConfigurationError when the key is missing, too short, or a published one in production
 */
export async function connectSessions({
  dapr,
  clock,
  env = process.env,
}: {
  dapr: Pick<Dapr, 'secrets' | 'state'>;
  clock: Clock;
  env?: NodeJS.ProcessEnv;
}): Promise<ConnectedSessions> {
  const key = await readKey(dapr, env.NODE_ENV === 'production');
  const signedOut = signedOutSessions(dapr.state('sessions'));
  return { sessions: createSessions(key, signedOut, clock), signedOut, key };
}

async function readKey(dapr: Pick<Dapr, 'secrets'>, production: boolean): Promise<string> {
  const { key } = await dapr.secrets.get(secretName).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`The secret ${secretName} cannot be read from the secret store: ${reason}`, { cause });
  });
  if (!key) throw new ConfigurationError(`The secret ${secretName} has no "key": put one into the secret store.`);
  if (key.length < keyCharacters) {
    throw new ConfigurationError(
      `The key in the secret ${secretName} has ${key.length} characters: it must have at least ${keyCharacters}.`,
    );
  }
  if (production && isPublishedKey(key)) {
    throw new ConfigurationError(
      `The key in the secret ${secretName} is the published development key: production needs one of its own.`,
    );
  }
  return key;
}
