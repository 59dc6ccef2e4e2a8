// The limiter as it is in production: counters in a real Redis, shared by replicas.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem, type RateLimit, type RateLimiter, redisRateLimiter } from '@ticketing/common';
import { waitUntil } from '@ticketing/common/testing';
import { Redis } from 'ioredis';
import { provision, startCommand } from '../../../dapr/local/src/provision';

const limit: RateLimit = { name: 'test', points: 3, perSeconds: 60 };
const folder = mkdtempSync(join(tmpdir(), 'ticketing-test-redis-'));
const socket = join(folder, 'redis.sock');
let server: ChildProcess;
let replicas: Redis[];
let limiters: RateLimiter[];

beforeAll(async () => {
  const tool = await provision('redis-server', { progress: () => undefined });
  const [program = '', ...args] = startCommand(tool, {
    containerName: `ticketing-test-redis-${process.pid}`,
    ports: [],
    folders: [folder],
    args: () => ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder],
  });
  server = spawn(program, args, { stdio: 'ignore' });
  replicas = [new Redis(socket), new Redis(socket)];
  for (const redis of replicas) redis.on('error', () => undefined);
  limiters = replicas.map((redis) => redisRateLimiter(redis, 'auth'));
  await waitUntil(() => replicas.every(({ status }) => status === 'ready'), { what: 'Redis' });
}, 60_000);

afterAll(async () => {
  for (const redis of replicas) redis.disconnect();
  await stopServer();
  rmSync(folder, { recursive: true, force: true });
});

async function stopServer() {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await exited;
}

const outcome = (use: Promise<void> | undefined) =>
  (use ?? Promise.reject(new Error('no limiter'))).then(
    () => 'let through',
    (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
  );

describe('the rate limiter on Redis', () => {
  test('When two replicas count the same, then together they let through no more than the limit', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => outcome(limiters[index % 2]?.use(limit, 'shared'))),
    );

    expect(outcomes.filter((each) => each === 'let through')).toHaveLength(limit.points);
    const refused = outcomes.find((each) => each instanceof Problem) as Problem;
    expect(refused.status).toBe(429);
    const retryAfter = Number(refused.options.headers?.['Retry-After']);
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(limit.perSeconds);
  });

  test('When uses are given back, then they do not count', async () => {
    const [limiter] = limiters;
    for (let round = 0; round < limit.points * 2; round += 1) {
      expect(await outcome(limiter?.use(limit, 'returned'))).toBe('let through');
      await limiter?.giveBack(limit, 'returned');
    }
  });

  test('When all are used, then the next is refused, and another key is not', async () => {
    const [limiter] = limiters;
    for (let round = 0; round < limit.points; round += 1) await limiter?.use(limit, 'used');

    expect(await outcome(limiter?.use(limit, 'used'))).toMatchObject({ status: 429 });
    expect(await outcome(limiter?.use(limit, 'another'))).toBe('let through');
  });

  test('When Redis is gone, then nobody is let through, and is told so without waiting for it', async () => {
    await stopServer();
    await waitUntil(() => replicas[0]?.status !== 'ready', { what: 'the loss of Redis' });
    let tries = 0;
    replicas[0]?.on('reconnecting', () => {
      tries += 1;
    });

    const refused = await outcome(limiters[0]?.use(limit, 'outage'));

    expect(refused).toMatchObject({ status: 503, code: 'RateLimitsUnavailable' });
    // A command that waits for its connection is refused after twenty.
    expect(tries).toBeLessThan(5);
  });
});
