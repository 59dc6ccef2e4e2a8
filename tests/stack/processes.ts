import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

export interface ProcessRow {
  pid: number;
  parent: number;
  /** Resident memory; pages shared with other processes count by share where the system tells (Linux). */
  kilobytes: number;
  command: string;
}

/** The process and all below it. */
export function processesBelow(pid: number): ProcessRow[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line): ProcessRow[] => {
      const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line);
      if (!found) return [];
      return [
        { pid: Number(found[1]), parent: Number(found[2]), kilobytes: Number(found[3]), command: String(found[4]) },
      ];
    });
  const below = new Set([pid]);
  for (let grown = true; grown; ) {
    const found = rows.filter((row) => below.has(row.parent) && !below.has(row.pid));
    for (const row of found) below.add(row.pid);
    grown = found.length > 0;
  }
  return rows
    .filter((row) => below.has(row.pid))
    .map((row) => ({ ...row, kilobytes: shareOf(row.pid) ?? row.kilobytes }));
}

/** The one process of the stack whose command fits. @throws when there is none, or more than one */
export function processOf(pid: number, command: RegExp): ProcessRow {
  const found = processesBelow(pid).filter((row) => command.test(row.command));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} processes fit ${command}`);
  return only;
}

function shareOf(pid: number): number | undefined {
  const file = `/proc/${pid}/smaps_rollup`;
  if (!existsSync(file)) return undefined;
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes);
}
