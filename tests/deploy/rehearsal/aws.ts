// AWS's Secrets Manager, played on loopback by moto, and asked with AWS' own command line.
import { execFileSync } from 'node:child_process';
import { freePort } from '../../setup/free-port';
import { processesIn } from './processes';
import type { Programs } from './provide-programs';

export interface Aws {
  /** With this a program that would ask AWS asks here. */
  env: Record<string, string>;
  createSecret(name: string): void;
  /** Says whose it is. */
  markSecret(name: string, environment: string): void;
  /** As people delete one: it is there for a month, and cannot be read. */
  deleteSecret(name: string): void;
  stop(): Promise<void>;
}

export async function startAws({ programs, folder }: { programs: Programs; folder: string }): Promise<Aws> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const processes = processesIn(folder);
  processes.start('moto', programs.program('moto_server'), ['--host', '127.0.0.1', '--port', String(port)]);
  await processes.until('Secrets Manager', 'moto', async () => (await fetch(url)).status > 0);
  const env = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'rehearsal',
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
    AWS_CONFIG_FILE: `${folder}/config`,
    AWS_SHARED_CREDENTIALS_FILE: `${folder}/credentials`,
  };
  const secretsManager = (...words: string[]) =>
    void execFileSync(programs.program('aws'), ['secretsmanager', '--region', 'eu-central-1', ...words], {
      env: { ...process.env, ...env },
      stdio: 'pipe',
    });
  return {
    env,
    createSecret: (name) => secretsManager('create-secret', '--name', name, '--secret-string', '{}'),
    markSecret: (name, environment) =>
      secretsManager('tag-resource', '--secret-id', name, '--tags', `Key=ticketing-environment,Value=${environment}`),
    deleteSecret: (name) => secretsManager('delete-secret', '--secret-id', name),
    stop: () => processes.stop(),
  };
}
