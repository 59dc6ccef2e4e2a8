import { unusedPorts } from '../launcher/backing-programs';
import { isWebBuilt } from '../launcher/build-web';
import { namedPorts, portsFrom } from '../ports';
import { checkPorts } from '../processes/check-ports';
import { isAlive, readRecord } from '../processes/process-record';
import { type Inspection, inspect, type ToolName } from '../provision';
import { checkDataFolder, dataFolder } from '../settings/data-folder';
import { loadEnvFile } from '../settings/load-env-file';
import { Problem } from '../settings/problem';
import { readSettings, type Settings } from '../settings/read-settings';
import type { Command } from './command';

export const command: Command = {
  summary: 'Says what is found, what is missing and what to do; changes nothing',
  usage: 'doctor      (exit code 1 when something is missing)',
  async run() {
    loadEnvFile();
    const settings = readSettings(process.env);
    const write = (line: string) => void process.stdout.write(`${line}\n`);
    write(`node ${process.versions.node} on ${process.platform} ${process.arch}`);
    const inspections = await Promise.all(toolsOf(settings).map((tool) => inspect(tool)));
    for (const inspection of inspections) for (const line of describe(inspection)) write(line);
    const webBuilt = await isWebBuilt(new AbortController().signal);
    write(`web client: ${webBuilt ? 'built' : 'not built from its present sources; make run does that'}`);
    const record = readRecord(dataFolder(settings.dataDir).recordFile);
    const running = record !== undefined && isAlive(record.launcher);
    // Its own ports are taken, of course.
    const checks = [
      await faultOf(async () => checkDataFolder(settings.dataDir)),
      running ? undefined : await portFault(settings),
    ];
    const faults = checks.filter((fault) => fault !== undefined);
    write(`data in ${settings.dataDir}`);
    for (const fault of faults) write(`PROBLEM: ${fault}`);
    const missing = inspections.filter(
      (inspection) => !inspection.found && !inspection.ways.some(({ possible }) => possible),
    );
    if (running) write(`The marketplace is running: ${record.publicUrl}`);
    write(
      faults.length + missing.length === 0
        ? 'make run will work.'
        : 'make run will not work until the above is mended.',
    );
    return faults.length + missing.length === 0 ? 0 : 1;
  },
};

const toolsOf = (settings: Settings): ToolName[] => [
  'daprd',
  'placement',
  'scheduler',
  'dapr',
  ...(settings.redisUrl ? [] : (['redis-server'] as const)),
  ...(settings.mongoUrl ? [] : (['mongo'] as const)),
  ...(settings.broker === 'nats' ? (['nats-server'] as const) : []),
];

function describe({ name, wanted, found, ways }: Inspection): string[] {
  if (found) return [`${name} ${found.version} (${found.way})`];
  const possible = ways.find((way) => way.possible);
  if (possible) return [`${name} ${wanted}: not here yet; make run gets it: ${possible.way} (${possible.why})`];
  return [
    `PROBLEM: ${name} ${wanted} is missing, and cannot be got:`,
    ...ways.map(({ way, why }) => `  ${way}: ${why}`),
  ];
}

async function portFault(settings: Settings): Promise<string | undefined> {
  return faultOf(() =>
    checkPorts(
      namedPorts(portsFrom(settings.portBase, settings.stripePort), settings.publicPort, unusedPorts(settings)),
    ),
  );
}

async function faultOf(check: () => Promise<void>): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}
