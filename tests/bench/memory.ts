import { processesBelow } from '../stack/processes';

export interface ProcessMemory {
  name: string;
  megabytes: number;
}

/** Resident memory of a process and all below it, summed by what they are. */
export function memoryOfStack(pid: number): ProcessMemory[] {
  const sums = new Map<string, number>();
  for (const row of processesBelow(pid)) {
    const name = nameOf(row.command);
    sums.set(name, (sums.get(name) ?? 0) + row.kilobytes / 1_024);
  }
  return [...sums].map(([name, megabytes]) => ({ name, megabytes })).sort((a, b) => b.megabytes - a.megabytes);
}

const kinds: [RegExp, string][] = [
  [/daprd( |$)/, 'sidecars'],
  [/main\.js runner/, 'runners'],
  [/main\.js run/, 'launcher'],
  [/main\.js (gateway|backing)/, 'gateway and backing'],
  [/next-server|web\/server\.js/, 'web client'],
  [/services\/\w+\/dist\/main\.js/, 'services'],
  [/placement/, 'placement'],
  [/scheduler/, 'scheduler'],
  [/redis-server/, 'Redis'],
  [/nats-server/, 'NATS'],
  [/java|mongod/, 'MongoDB'],
  [/dapr run/, 'Dapr CLI'],
];

const nameOf = (command: string) => kinds.find(([pattern]) => pattern.test(command))?.[1] ?? 'other';
