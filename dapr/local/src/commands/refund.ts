import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord } from '../processes/process-record';
import { dataFolder } from '../settings/data-folder';
import { loadEnvFile } from '../settings/load-env-file';
import { Problem } from '../settings/problem';
import { readDataDir } from '../settings/read-settings';
import { repositoryDir } from '../settings/repository';
import type { Command } from './command';

/** The payments service's own program: only that service knows its data. */
const program = join(repositoryDir, 'services/payments/dist/refund.js');

export const command: Command = {
  summary: "Gives an order's money back, asking first; without an order, lists the refunds that wait",
  usage: 'refund [order] [--yes]',
  async run(words) {
    loadEnvFile();
    if (!existsSync(program)) throw new Problem('The services are not built yet: make build.');
    const mongoUrl = process.env.MONGO_URL?.trim() || runningMongoUrl();
    const child = spawn(process.execPath, [program, ...words], {
      stdio: 'inherit',
      env: { ...process.env, MONGO_URL: mongoUrl },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  },
};

function runningMongoUrl(): string {
  const port = readRecord(dataFolder(readDataDir(process.env)).recordFile)?.ports.mongo;
  if (port) return `mongodb://127.0.0.1:${port}`;
  throw new Problem('Nothing is running: make run first, or name the MongoDB of another runtime in MONGO_URL.');
}
