// The programs under the marketplace that are no Dapr apps: how each is started, and how to know that it answers.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackingPort, Ports } from '../ports';
import { mongoCommand, type Provisioned, startCommand, type ToolName } from '../provision';
import type { DataFolder } from '../settings/data-folder';
import type { Settings } from '../settings/read-settings';

export interface BackingProgram {
  name: string;
  tool: ToolName;
  port: number;
  /** Answers 200 once the program does its work; without one, the port accepting connections says so. */
  healthUrl?: string;
  words(tool: Provisioned): string[];
}

/** What this run has to start, in the order in which it is stopped. */
export function backingPrograms(settings: Settings, folder: DataFolder, { backing }: Ports): BackingProgram[] {
  return [
    {
      name: 'scheduler',
      tool: 'scheduler',
      port: backing.scheduler,
      healthUrl: `http://127.0.0.1:${backing.schedulerHealth}/healthz`,
      words: (tool) => [...tool.command, ...schedulerArguments(backing, folder.scheduler)],
    },
    {
      name: 'placement',
      tool: 'placement',
      port: backing.placement,
      healthUrl: `http://127.0.0.1:${backing.placementHealth}/healthz`,
      words: (tool) => [...tool.command, ...placementArguments(backing)],
    },
    ...(settings.redisUrl
      ? []
      : [
          {
            name: 'redis',
            tool: 'redis-server' as const,
            port: backing.redis,
            words: (tool: Provisioned) =>
              startCommand(tool, {
                containerName: containerName('redis-server', settings),
                ports: [backing.redis],
                folders: [folder.redis],
                args: (address) => redisArguments(address, backing.redis, folder.redis),
              }),
          },
        ]),
    ...(settings.broker === 'nats'
      ? [
          {
            name: 'nats',
            tool: 'nats-server' as const,
            port: backing.nats,
            words: (tool: Provisioned) =>
              startCommand(tool, {
                containerName: containerName('nats-server', settings),
                ports: [backing.nats, backing.natsMonitor],
                folders: [folder.nats],
                args: (address) => ['-c', writeNatsConfiguration(folder.nats, address, backing)],
              }),
          },
        ]
      : []),
    ...(settings.mongoUrl
      ? []
      : [
          {
            name: 'mongo',
            tool: 'mongo' as const,
            port: backing.mongo,
            words: (tool: Provisioned) =>
              mongoCommand(tool, {
                port: backing.mongo,
                dataDir: folder.mongo,
                containerName: containerName('mongo', settings),
              }),
          },
        ]),
  ];
}

/** Where a program runs in a container, so that stacks do not share one. */
export const containerName = (tool: ToolName, { portBase }: Pick<Settings, 'portBase'>) =>
  `ticketing-${tool}-${portBase}`;

/** Ports of the table that this run leaves alone. */
export const unusedPorts = (settings: Settings): BackingPort[] => [
  ...(settings.redisUrl ? (['redis'] as const) : []),
  ...(settings.mongoUrl ? (['mongo'] as const) : []),
  ...(settings.broker === 'nats' ? [] : (['nats', 'natsMonitor'] as const)),
  ...(settings.stripe ? (['stripe'] as const) : []),
];

type BackingPorts = Ports['backing'];

const schedulerArguments = (ports: BackingPorts, dataDir: string) => [
  ...['--port', String(ports.scheduler), '--listen-address', '127.0.0.1'],
  ...['--override-broadcast-host-port', `127.0.0.1:${ports.scheduler}`],
  ...['--etcd-data-dir', dataDir, '--etcd-client-port', String(ports.schedulerEtcdClient)],
  ...['--etcd-initial-cluster', `dapr-scheduler-server-0=http://localhost:${ports.schedulerEtcdPeer}`],
  ...['--healthz-port', String(ports.schedulerHealth), '--healthz-listen-address', '127.0.0.1'],
  ...['--metrics-port', String(ports.schedulerMetrics), '--metrics-listen-address', '127.0.0.1'],
];

const placementArguments = (ports: BackingPorts) => [
  ...['--port', String(ports.placement), '--listen-address', '127.0.0.1'],
  // Raft has a fixed port by default, which a second stack would find taken.
  ...['--initial-cluster', `dapr-placement-0=127.0.0.1:${ports.placementRaft}`],
  ...['--healthz-port', String(ports.placementHealth), '--healthz-listen-address', '127.0.0.1'],
  ...['--metrics-port', String(ports.placementMetrics), '--metrics-listen-address', '127.0.0.1'],
];

/** Appended to disk once a second, and never evicts: it holds events and reminders, not a cache. */
const redisArguments = (address: string, port: number, dataDir: string) => [
  ...['--bind', address, '--port', String(port), '--dir', dataDir, '--protected-mode', 'no'],
  ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', '--maxmemory-policy', 'noeviction'],
];

function writeNatsConfiguration(dataDir: string, address: string, ports: BackingPorts): string {
  const path = join(dataDir, 'nats.conf');
  // sync_interval: what was acknowledged is flushed to disk once a second, as in Redis here. `always` flushes before
  // each acknowledgement (measured on a fast disk: 4,000 instead of 15,000 a second) and belongs where power may fail.
  writeFileSync(
    path,
    `listen: "${address}:${ports.nats}"\nhttp: "${address}:${ports.natsMonitor}"\njetstream {\n  store_dir: "${join(dataDir, 'jetstream')}"\n  sync_interval: "1s"\n}\n`,
  );
  return path;
}
