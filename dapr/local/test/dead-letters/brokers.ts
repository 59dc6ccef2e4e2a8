// Brokers as `make run` starts them, on ports and in a folder of their own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import type { DeadLetterBox } from '../../src/dead-letters/dead-letters';
import { openJetstreamDeadLetters } from '../../src/dead-letters/jetstream-dead-letters';
import { openRedisDeadLetters } from '../../src/dead-letters/redis-dead-letters';
import { createStreams } from '../../src/launcher/create-streams';
import { accepts } from '../../src/launcher/wait-until';
import { provision, startCommand, type ToolName } from '../../src/provision';
import { waitFor } from '../wait-for';

export interface TestBroker {
  name: 'redis' | 'nats';
  port: number;
  /** As daprd publishes. */
  publish(topic: string, event: { id: string }): Promise<void>;
  /** Everything in a topic, in order. */
  read(topic: string): Promise<string[]>;
  open(): Promise<DeadLetterBox>;
  stop(): Promise<void>;
}

export async function startRedis(port: number): Promise<TestBroker> {
  const server = await start('redis-server', port, (folder) => [
    ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
  ]);
  const redis = new Redis(port, '127.0.0.1');
  return {
    name: 'redis',
    port,
    async publish(topic, event) {
      await redis.xadd(topic, '*', 'data', JSON.stringify(event), 'metadata', '{"kept":"too"}');
    },
    async read(topic) {
      const entries = await redis.xrange(topic, '-', '+');
      return entries.map(([, fields]) => {
        expect(fields).toEqual(['data', expect.any(String), 'metadata', '{"kept":"too"}']);
        return fields[1] ?? '';
      });
    },
    open: () => openRedisDeadLetters(`redis://127.0.0.1:${port}/0`),
    async stop() {
      redis.disconnect();
      await server.stop();
    },
  };
}

export async function startNats(port: number): Promise<TestBroker> {
  const server = await start('nats-server', port, (folder) => [
    ...['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', folder],
  ]);
  await createStreams(`127.0.0.1:${port}`, ['users', 'orders']);
  const connection = await connect({ servers: `127.0.0.1:${port}` });
  const client = jetstream(connection);
  return {
    name: 'nats',
    port,
    async publish(topic, event) {
      await client.publish(topic, JSON.stringify(event), { msgID: event.id });
    },
    async read(topic) {
      const manager = await client.jetstreamManager();
      const { first_seq, last_seq } = (await manager.streams.info(topic)).state;
      const messages: string[] = [];
      for (let seq = Math.max(1, first_seq); seq <= last_seq; seq += 1) {
        messages.push((await manager.streams.getMessage(topic, { seq }))?.string() ?? 'gone');
      }
      return messages;
    },
    open: () => openJetstreamDeadLetters(`127.0.0.1:${port}`),
    async stop() {
      await connection.close();
      await server.stop();
    },
  };
}

async function start(name: ToolName, port: number, args: (folder: string) => string[]) {
  const tool = await provision(name, { progress: () => undefined });
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-dead-letters-'));
  const [program = '', ...words] = startCommand(tool, {
    containerName: `ticketing-dead-letters-${process.pid}-${name}`,
    ports: [port],
    folders: [folder],
    args: () => args(folder),
  });
  const server: ChildProcess = spawn(program, words, { stdio: 'ignore' });
  await waitFor(() => accepts(port));
  return {
    async stop() {
      if (server.exitCode === null) {
        const exited = once(server, 'exit');
        server.kill('SIGTERM');
        await exited;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
