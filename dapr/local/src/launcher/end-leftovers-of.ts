import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { endGroup } from '../processes/end-group';
import { membersOf, readRecord, removeRecord } from '../processes/process-record';
import type { DataFolder } from '../settings/data-folder';
import { stopDapr } from './stop-stack';

const backingMs = 4_000;

/**
 * Ends what a launcher that was killed left running, by recorded process and start time: never a process that merely
 * got the same number.
 * @returns the names of what was still there
 */
export async function endLeftoversOf({ recordFile, run }: DataFolder): Promise<string[]> {
  const record = readRecord(recordFile);
  const left = record?.groups.filter((leader) => membersOf(leader).length > 0) ?? [];
  const dapr = left.find(({ name }) => name === 'dapr');
  if (dapr) await stopDapr(dapr);
  await Promise.all(left.filter((leader) => leader !== dapr).map((leader) => endGroup(leader, backingMs)));
  for (const words of record?.removals ?? []) await removeContainer(words);
  // Another run may have started meanwhile and written its own.
  if (readRecord(recordFile)?.launcher.pid === record?.launcher.pid) removeRecord(recordFile);
  rmSync(join(run, 'ending'), { recursive: true, force: true });
  return left.map(({ name }) => name);
}

/** One that is gone already is no fault. */
const removeContainer = ([program = '', ...rest]: string[]) =>
  new Promise<void>((resolve) => {
    execFile(program, rest, () => resolve());
  });
