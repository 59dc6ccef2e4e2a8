// One run at a time per DATA_DIR, and none that trips over what a killed one left.
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, type RecordedProcess, recordProcess } from '../processes/process-record';
import type { DataFolder } from '../settings/data-folder';
import { Problem } from '../settings/problem';

/** @returns what gives the claim up @throws Problem when another run holds it */
export function claimDataFolder({ root, run }: DataFolder): () => void {
  const path = join(run, 'claim.json');
  const me = recordProcess('launcher', process.pid);
  if (!tryClaim(path, me)) {
    const holder = readClaim(path);
    if (holder && isAlive(holder)) {
      throw new Problem(
        `The marketplace is running already on ${root} (process ${holder.pid}): stop it with make stop, or set DATA_DIR, PORT and PORT_BASE for a second one.`,
      );
    }
    rmSync(path, { force: true });
    if (!tryClaim(path, me))
      throw new Problem(`Another run has just started on ${root}: set DATA_DIR, PORT and PORT_BASE for a second one.`);
  }
  return () => rmSync(path, { force: true });
}

function tryClaim(path: string, me: RecordedProcess | undefined): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, JSON.stringify(me));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readClaim(path: string): RecordedProcess | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RecordedProcess;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
