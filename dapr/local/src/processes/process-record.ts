// What a run started, written down so that `make stop`, `make status` and the next run find it even after a kill -9.
// Each program is started as the leader of a process group of its own: its number stays taken while any member lives,
// so that a group can be told from a stranger's by its number and, while the leader lives, the leader's start time.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { findProcess, listProcesses, type ProcessEntry } from './list-processes';

export interface RecordedProcess {
  name: string;
  pid: number;
  startedAt: string;
}

export interface RunRecord {
  launcher: RecordedProcess;
  publicUrl: string;
  /** Ports by program, for `make status`. */
  ports: Record<string, number>;
  /** Leaders of process groups, in the order in which they are stopped. */
  groups: RecordedProcess[];
  /** Words that remove containers, where programs run in those. */
  removals: string[][];
}

export function readRecord(file: string): RunRecord | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
  } catch (error) {
    // Half written by a run that was killed: then nothing had been started yet, as the record is written whole.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function writeRecord(file: string, record: RunRecord): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export const removeRecord = (file: string) => rmSync(file, { force: true });

/** @returns the process as it is to be recorded, or undefined when it has ended already */
export function recordProcess(name: string, pid: number): RecordedProcess | undefined {
  const entry = findProcess(pid);
  return entry && { name, pid, startedAt: entry.startedAt };
}

export function isAlive({ pid, startedAt }: RecordedProcess): boolean {
  const entry = findProcess(pid);
  return entry !== undefined && entry.startedAt === startedAt && entry.state !== 'Z';
}

/** Whether anything of it is left: the launcher, or what it started and a kill -9 of it left behind. */
export function isRunning(record: RunRecord | undefined): record is RunRecord {
  return record !== undefined && [record.launcher, ...record.groups].some((leader) => membersOf(leader).length > 0);
}

/** Everybody in the group that `leader` leads or led; nobody when its number now belongs to another process. */
export function membersOf(leader: RecordedProcess, processes: ProcessEntry[] = listProcesses()): ProcessEntry[] {
  const holder = processes.find(({ pid }) => pid === leader.pid);
  if (holder && holder.startedAt !== leader.startedAt) return [];
  return processes.filter(({ groupId, state }) => groupId === leader.pid && state !== 'Z');
}
