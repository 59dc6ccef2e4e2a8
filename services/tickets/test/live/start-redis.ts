import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '@ticketing/common/testing';
import { Redis } from 'ioredis';
import { freePort } from '../../../../tests/setup/free-port';

export interface RunningRedis {
  port: number;
  stop(): Promise<void>;
}

/** A Redis of this test's own, which keeps nothing. @throws when there is no `redis-server` */
export async function startRedis(port?: number): Promise<RunningRedis> {
  return startRedisAt(port ?? (await freePort()));
}

async function startRedisAt(port: number): Promise<RunningRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'ticketing-test-redis-'));
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  );
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const failed = new Promise<never>((_resolve, reject) => server.once('error', reject));
  const probe = new Redis({ port, retryStrategy: () => 50, maxRetriesPerRequest: null });
  probe.on('error', () => undefined);
  await Promise.race([waitUntil(() => probe.ping(), { what: 'redis-server to answer' }), failed]).finally(() =>
    probe.disconnect(),
  );
  return {
    port,
    async stop() {
      server.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
