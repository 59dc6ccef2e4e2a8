import { join } from 'node:path';
import { apps } from '../apps';
import { accepts } from '../launcher/wait-until';
import { listProcesses, memoryKib, type ProcessEntry } from '../processes/list-processes';
import { isAlive, membersOf, type RecordedProcess, type RunRecord, readRecord } from '../processes/process-record';
import { dataFolder } from '../settings/data-folder';
import { loadEnvFile } from '../settings/load-env-file';
import { readDataDir } from '../settings/read-settings';
import { repositoryDir } from '../settings/repository';
import type { Command } from './command';
import { formatTable } from './format-table';

export const command: Command = {
  summary: 'Lists every process of the marketplace: port, state, memory',
  usage: 'status      (DATA_DIR says of which one)',
  async run() {
    loadEnvFile();
    const record = readRecord(dataFolder(readDataDir(process.env)).recordFile);
    if (!record || record.groups.every((leader) => membersOf(leader).length === 0)) {
      process.stdout.write('Nothing is running: make run starts the marketplace.\n');
      return 0;
    }
    const rows = processRows(record, listProcesses());
    const lines = await Promise.all(rows.map(async ({ name, entry }) => describe(name, entry, record.ports[name])));
    const totalMib = rows.reduce((sum, { entry }) => sum + (entry ? memoryKib(entry) : 0), 0) / 1024;
    process.stdout.write(
      `${formatTable(['process', 'pid', 'port', 'state', 'up', 'MiB'], lines)}\n\n${totalMib.toFixed(0)} MiB in all.\n`,
    );
    process.stdout.write(
      isAlive(record.launcher) ? `${record.publicUrl}\n` : 'The launcher was killed: make stop ends the rest.\n',
    );
    return 0;
  },
};

interface Row {
  name: string;
  entry: ProcessEntry | undefined;
}

function processRows({ launcher, groups }: RunRecord, processes: ProcessEntry[]): Row[] {
  const find = (recorded: RecordedProcess) =>
    processes.find(({ pid, startedAt }) => pid === recorded.pid && startedAt === recorded.startedAt);
  // Sidecars and runners that were started again lead groups of their own; they are shown beside their app.
  const members = groups.flatMap((leader) => membersOf(leader, processes));
  return [
    { name: 'launcher', entry: find(launcher) },
    ...groups.filter(({ name }) => !name.includes('.')).map((leader) => ({ name: leader.name, entry: find(leader) })),
    ...apps.flatMap((app) => {
      const sidecar = members.find(
        ({ command }) => /\bdaprd --/.test(command) && command.includes(` --app-id ${app} `),
      );
      const runner = members.find(({ command }) => command.includes(' runner -- ') && endsWithApp(command, app));
      const own = members.find(({ parentPid }) => parentPid === runner?.pid);
      return [
        { name: app, entry: own },
        { name: `${app}.runner`, entry: runner },
        { name: `${app}.daprd`, entry: sidecar },
      ];
    }),
  ];
}

const endsWithApp = (command: string, app: string) =>
  command.endsWith(`/services/${app}/dist/main.js`) ||
  command.endsWith(`main.js ${app}`) ||
  (app === 'web' && command.includes(join(repositoryDir, 'web')));

async function describe(name: string, entry: ProcessEntry | undefined, port: number | undefined): Promise<string[]> {
  const state = !entry ? 'down' : !port ? 'up' : (await accepts(port)) ? 'answers' : 'silent';
  return [
    name,
    entry ? String(entry.pid) : '-',
    port ? String(port) : '-',
    state,
    entry ? duration(entry.upSeconds) : '-',
    entry ? (memoryKib(entry) / 1024).toFixed(0) : '-',
  ];
}

const duration = (seconds: number) =>
  seconds < 100
    ? `${seconds.toFixed(0)} s`
    : seconds < 6_000
      ? `${(seconds / 60).toFixed(0)} min`
      : `${(seconds / 3_600).toFixed(1)} h`;
