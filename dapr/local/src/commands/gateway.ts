import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Service } from '../apps';
import { startGateway } from '../gateway/start-gateway';
import { Problem } from '../settings/problem';
import { repositoryDir } from '../settings/repository';
import type { Command } from './command';
import { untilSignalled } from './until-signalled';

const graceMs = 1_500;
/** The services, which have to be there, and the web client, which may be missing. */
const variables = { auth: 'AUTH_URL', tickets: 'TICKETS_URL', orders: 'ORDERS_URL', payments: 'PAYMENTS_URL' } as const;

export const command: Command = {
  summary: 'Serves the one public address (started by dapr/dapr.yaml)',
  usage: `gateway [--websockets]     (PORT, PUBLIC_URL, WEB_URL, INBOX_URL, ${Object.values(variables).join(', ')})`,
  takes: { options: ['--websockets'] },
  async run(words) {
    const { env } = process;
    const gateway = await startGateway({
      port: Number(env.PORT ?? 3000),
      upstreams: Object.fromEntries(
        Object.entries(variables).map(([service, name]) => [service, upstream(name, env[name])]),
      ) as Record<Service, string>,
      ...(env.WEB_URL ? { webUrl: upstream('WEB_URL', env.WEB_URL) } : {}),
      webSockets: words.includes('--websockets'),
      publicUrl: env.PUBLIC_URL ?? 'http://localhost:3000',
      ...(env.INBOX_URL ? { inboxUrl: env.INBOX_URL } : {}),
      readApiDescription,
    });
    process.stdout.write(`gateway: listening on port ${gateway.port}\n`);
    await untilSignalled();
    await gateway.stop(graceMs);
    return 0;
  },
};

function upstream(name: string, url: string | undefined): string {
  if (!url || !URL.canParse(url))
    throw new Problem(`${name} must be the address of its service, such as http://127.0.0.1:14001.`);
  return url;
}

async function readApiDescription(): Promise<string | undefined> {
  try {
    return await readFile(join(repositoryDir, 'docs', 'contracts', 'openapi.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
