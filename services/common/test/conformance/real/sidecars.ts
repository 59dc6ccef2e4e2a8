// Real sidecars for the conformance suite: placement, scheduler, Redis, NATS when asked for, and a daprd for each app
// with the components of components/local or local-nats, all on ports and in a folder of their own.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createStreams } from '../../../../../dapr/local/src/launcher/create-streams';
import { provision, startCommand, type ToolName } from '../../../../../dapr/local/src/provision';
import { freePort } from '../../../../../tests/setup/free-port';
import { topicOwners } from '../../../src';
import { waitUntil } from '../../../src/testing';
import { appToken, stageSecrets } from '../stage';

const root = resolve(__dirname, '../../../../..');

export interface SidecarPorts {
  app: number;
  daprHttp: number;
}

export type BrokerName = 'redis' | 'nats';

export interface Sidecars {
  redisUrl: string;
  /** Set when NATS is the broker. */
  natsUrl?: string;
  /** Starts a daprd beside each app; they become healthy once their apps listen. */
  start(apps: readonly string[], smtpPort: number): Promise<Map<string, SidecarPorts>>;
  /** The last lines of every program that has ended by itself. */
  lastWords(): string;
  stop(): Promise<void>;
}

export async function startDaprControl(broker: BrokerName): Promise<Sidecars> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-conformance-'));
  const running: { child: ChildProcess; label: string }[] = [];
  const run = async (name: ToolName, label: string, args: string[], env: Record<string, string> = {}) => {
    const tool = await provision(name, { progress: (line) => process.stderr.write(`${line}\n`) });
    const [program = '', ...words] = startCommand(tool, {
      containerName: `ticketing-conformance-${process.pid}-${label}`,
      ports: [],
      folders: [folder],
      args: () => args,
    });
    const child = spawn(program, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...tool.env, ...env },
      cwd: folder,
    });
    const log = createWriteStream(join(folder, `${label}.log`));
    child.stdout?.pipe(log);
    child.stderr?.pipe(log);
    running.push({ child, label });
  };

  const redisPort = await freePort();
  const placement = await freePort();
  const scheduler = await freePort();
  const [etcdClient, etcdPeer] = [await freePort(), await freePort()];
  await run('redis-server', 'redis', ['--port', `${redisPort}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '']);
  await run('placement', 'placement', [
    ...['--port', `${placement}`, '--listen-address', '127.0.0.1'],
    ...['--initial-cluster', `dapr-placement-0=127.0.0.1:${await freePort()}`],
    ...['--healthz-port', `${await freePort()}`, '--healthz-listen-address', '127.0.0.1'],
    ...['--metrics-port', `${await freePort()}`, '--metrics-listen-address', '127.0.0.1'],
  ]);
  await run('scheduler', 'scheduler', [
    ...['--port', `${scheduler}`, '--listen-address', '127.0.0.1', '--etcd-data-dir', join(folder, 'etcd')],
    ...['--etcd-client-port', `${etcdClient}`],
    ...['--etcd-initial-cluster', `dapr-scheduler-server-0=http://localhost:${etcdPeer}`],
    ...['--override-broadcast-host-port', `127.0.0.1:${scheduler}`],
    ...['--healthz-port', `${await freePort()}`, '--healthz-listen-address', '127.0.0.1'],
    ...['--metrics-port', `${await freePort()}`, '--metrics-listen-address', '127.0.0.1'],
  ]);

  const natsUrl = broker === 'nats' ? await startNats(run, folder, await freePort()) : undefined;

  const config = join(folder, 'config.yaml');
  const names = readFileSync(join(root, 'dapr/config/local.yaml'), 'utf8');
  writeFileSync(config, names.replace(/connectionString: .*/, `connectionString: ${join(folder, 'names.db')}`));
  const secretsFile = join(folder, 'secrets.json');
  writeFileSync(secretsFile, JSON.stringify(stageSecrets));

  const startSidecar = async (app: string, ports: SidecarPorts, smtpPort: number) => {
    const args = [
      ...['--app-id', app, '--app-port', `${ports.app}`, '--dapr-listen-addresses', '127.0.0.1'],
      ...['--dapr-http-port', `${ports.daprHttp}`, '--dapr-grpc-port', `${await freePort()}`],
      ...['--dapr-internal-grpc-port', `${await freePort()}`, '--metrics-port', `${await freePort()}`],
      ...['--metrics-listen-address', '127.0.0.1'],
      ...['--resources-path', join(root, broker === 'nats' ? 'components/local-nats' : 'components/local')],
      ...['--config', config],
      ...['--placement-host-address', `127.0.0.1:${placement}`, '--scheduler-host-address', `127.0.0.1:${scheduler}`],
    ];
    await run('daprd', app, args, {
      APP_API_TOKEN: appToken,
      DAPR_API_TOKEN: appToken,
      REDIS_HOST: `127.0.0.1:${redisPort}`,
      REDIS_USERNAME: '',
      REDIS_PASSWORD: '',
      REDIS_DB: '0',
      REDIS_TLS: 'false',
      ...(natsUrl ? { NATS_URL: natsUrl } : {}),
      SECRETS_FILE: secretsFile,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: `${smtpPort}`,
    });
  };

  return {
    redisUrl: `redis://127.0.0.1:${redisPort}/0`,
    ...(natsUrl ? { natsUrl } : {}),
    async start(apps, smtpPort) {
      const ports = new Map<string, SidecarPorts>();
      for (const app of apps) ports.set(app, { app: await freePort(), daprHttp: await freePort() });
      for (const [app, itsPorts] of ports) await startSidecar(app, itsPorts, smtpPort);
      return ports;
    },
    lastWords: () =>
      running
        .filter(({ child }) => child.exitCode !== null)
        .map(({ label }) => `${label}: ${readFileSync(join(folder, `${label}.log`), 'utf8').slice(-2_000)}`)
        .join('\n'),
    async stop() {
      for (const { child } of running.reverse()) await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Run = (name: ToolName, label: string, args: string[]) => Promise<void>;

async function startNats(run: Run, folder: string, port: number): Promise<string> {
  await run('nats-server', 'nats', ['--addr', '127.0.0.1', '--port', `${port}`, '--jetstream', '--store_dir', folder]);
  const url = `nats://127.0.0.1:${port}`;
  await waitUntil(() => createStreams(url, Object.keys(topicOwners)).then(() => true), { what: 'NATS' });
  return url;
}

async function end(child: ChildProcess): Promise<void> {
  const gone = () => child.exitCode !== null || child.signalCode !== null;
  if (gone()) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await waitUntil(gone, { timeoutMs: 15_000, what: `the end of ${child.spawnfile}` });
  clearTimeout(late);
}
