// Programs of services that an operator runs: only a service knows its data. In a container they are run there; here,
// beside the marketplace that `make run` has started.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type RunRecord, readRecord } from '../processes/process-record';
import { dataFolder } from '../settings/data-folder';
import { Problem } from '../settings/problem';
import { readDataDir } from '../settings/read-settings';
import { repositoryDir } from '../settings/repository';

const serviceOf = { audit: 'payments', refund: 'payments', mails: 'notifications' } as const;

/** @returns its exit code @throws Problem when the services are not built */
export async function runOperatorProgram(
  name: keyof typeof serviceOf,
  words: string[],
  env: Record<string, string>,
): Promise<number> {
  const program = join(repositoryDir, 'services', serviceOf[name], 'dist', `${name}.js`);
  if (!existsSync(program)) throw new Problem('The services are not built yet: make build.');
  const child = spawn(process.execPath, [program, ...words], { stdio: 'inherit', env: { ...process.env, ...env } });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** `MONGO_URL`, or that of what is running. @throws Problem when there is neither */
export function mongoUrlOfRun(): string {
  const given = process.env.MONGO_URL?.trim();
  if (given) return given;
  const port = recordOfRun()?.ports.mongo;
  if (port) return `mongodb://127.0.0.1:${port}`;
  throw new Problem('Nothing is running: make run first, or name the MongoDB of another runtime in MONGO_URL.');
}

export const recordOfRun = (): RunRecord | undefined => readRecord(dataFolder(readDataDir(process.env)).recordFile);
