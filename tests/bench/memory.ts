import { execFileSync } from 'node:child_process';

export interface ProcessMemory {
  name: string;
  megabytes: number;
}

interface Row {
  pid: number;
  parent: number;
  kilobytes: number;
  command: string;
}

/** Resident memory of a process and all below it, summed by what they are. */
export async function memoryOfStack(pid: number): Promise<ProcessMemory[]> {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line): Row[] => {
      const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line);
      return found
        ? [{ pid: Number(found[1]), parent: Number(found[2]), kilobytes: Number(found[3]), command: String(found[4]) }]
        : [];
    });
  const below = new Set([pid]);
  for (let grown = true; grown; ) {
    const found = rows.filter((row) => below.has(row.parent) && !below.has(row.pid));
    for (const row of found) below.add(row.pid);
    grown = found.length > 0;
  }
  const sums = new Map<string, number>();
  for (const row of rows.filter(({ pid: own }) => below.has(own))) {
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
  [/services\/\w+\/dist\/main\.js/, 'services'],
  [/placement/, 'placement'],
  [/scheduler/, 'scheduler'],
  [/redis-server/, 'Redis'],
  [/nats-server/, 'NATS'],
  [/java|mongod/, 'MongoDB'],
  [/dapr run/, 'Dapr CLI'],
];

const nameOf = (command: string) => kinds.find(([pattern]) => pattern.test(command))?.[1] ?? 'other';
