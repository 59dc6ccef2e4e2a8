import { setTimeout as pause } from 'node:timers/promises';
import { membersOf, type RecordedProcess } from './process-record';

const lookEveryMs = 50;

/** Asks every member of the group to end, and kills what is left after `graceMs`. */
export async function endGroup(
  leader: RecordedProcess,
  graceMs: number,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
  const deadline = Date.now() + graceMs;
  for (const { pid } of membersOf(leader)) sendSignal(pid, signal);
  while (membersOf(leader).length > 0 && Date.now() < deadline) await pause(lookEveryMs);
  killGroup(leader);
}

export function killGroup(leader: RecordedProcess): void {
  for (const { pid } of membersOf(leader)) sendSignal(pid, 'SIGKILL');
}

export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended between being listed and being asked.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
