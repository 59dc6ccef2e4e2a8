// The machine's processes, with what is needed to tell one of ours from a stranger that got the same number later.
// Read from /proc where there is one: slim Linux images have no `ps`.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { uptime } from 'node:os';

export interface ProcessEntry {
  pid: number;
  parentPid: number;
  groupId: number;
  /** The same text as long as it is the same process; not comparable between machines. */
  startedAt: string;
  /** Resident memory in KiB. */
  residentKib: number;
  /** One letter, as ps(1) shows it: `Z` has ended and waits for its parent. */
  state: string;
  command: string;
  /** How long it has run. */
  upSeconds: number;
}

export function listProcesses(): ProcessEntry[] {
  return existsSync('/proc/self/stat') ? fromProc() : fromPs();
}

export const findProcess = (pid: number): ProcessEntry | undefined =>
  existsSync('/proc/self/stat') ? readProcEntry(pid) : fromPs(pid)[0];

/** Memory of a process in KiB with shared pages divided among their users, where the system tells; else resident. */
export function memoryKib(entry: ProcessEntry): number {
  const rollup = readOrNothing(`/proc/${entry.pid}/smaps_rollup`);
  return Number(rollup?.match(/^Pss:\s+(\d+) kB/m)?.[1] ?? entry.residentKib);
}

function fromProc(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcEntry(Number(name)) ?? []);
}

const pageKib = 4;
/** Of /proc on every Linux that Node runs on. */
const ticksPerSecond = 100;

function readProcEntry(pid: number): ProcessEntry | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name in parentheses may itself hold spaces and parentheses: fields are counted from its end (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const command = readOrNothing(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() ?? '';
  return {
    pid,
    state: fields[0] ?? '?',
    parentPid: Number(fields[1]),
    groupId: Number(fields[2]),
    startedAt: fields[19] ?? '',
    residentKib: Number(fields[21]) * pageKib,
    upSeconds: Math.max(0, uptime() - Number(fields[19]) / ticksPerSecond),
    command: command || stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
  };
}

function fromPs(pid?: number): ProcessEntry[] {
  const which = pid === undefined ? ['-ax'] : ['-p', String(pid)];
  const columns = ['pid=', 'ppid=', 'pgid=', 'rss=', 'state=', 'lstart=', 'command='].flatMap((column) => [
    '-o',
    column,
  ]);
  let output: string;
  try {
    output = execFileSync('ps', [...which, ...columns], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  } catch (error) {
    // ps answers 1 when it found none.
    if ((error as { status?: number }).status === 1) return [];
    throw error;
  }
  return output.split('\n').flatMap((line) => parsePsLine(line) ?? []);
}

/** Exported for its test: lstart is five words, such as `Fri Nov 20 10:00:00 2026`. */
export function parsePsLine(line: string): ProcessEntry | undefined {
  const match = line.match(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/);
  if (!match) return undefined;
  const [, pid, parentPid, groupId, residentKib, state = '?', startedAt = '', command = ''] = match;
  return {
    pid: Number(pid),
    parentPid: Number(parentPid),
    groupId: Number(groupId),
    residentKib: Number(residentKib),
    state,
    startedAt,
    command,
    upSeconds: Math.max(0, (Date.now() - Date.parse(startedAt)) / 1_000),
  };
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // The process ended meanwhile, or is another user's.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
