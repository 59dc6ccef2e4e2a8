import { Problem } from '../settings/problem';
import type { Settings } from '../settings/read-settings';
import { accepts } from './wait-until';

/** @throws Problem when a server that the environment names does not answer */
export async function checkGivenServers({ mongoUrl, redisUrl }: Settings): Promise<void> {
  if (redisUrl) await check('REDIS_URL', redisUrl, 6379);
  // A `mongodb+srv` name is no host: the driver looks it up.
  if (mongoUrl?.startsWith('mongodb://')) await check('MONGO_URL', mongoUrl, 27017);
}

async function check(variable: string, url: string, defaultPort: number): Promise<void> {
  const hosts = (url.match(/^[a-z]+:\/\/(?:[^@/]*@)?([^/?]+)/)?.[1] ?? '').split(',');
  for (const host of hosts) {
    const [, name = host, port] = host.match(/^(.*?)(?::(\d+))?$/) ?? [];
    if (await accepts(Number(port ?? defaultPort), name)) return;
  }
  throw new Problem(
    `Nothing answers at ${variable} (${hosts.join(', ')}): start it, or unset ${variable} to have one started.`,
  );
}
