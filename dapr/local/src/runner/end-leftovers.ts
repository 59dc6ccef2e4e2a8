import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../settings/data-folder';

/**
 * When the launcher has died (kill -9), what it started is ended by `stop`, in a process of its own that outlives this
 * runner. Every runner comes here at about the same time; the one that makes the folder does it.
 */
export function endLeftovers(env: NodeJS.ProcessEnv): void {
  if (!env.DATA_DIR) return;
  const { run } = dataFolder(env.DATA_DIR);
  try {
    mkdirSync(join(run, 'ending'));
  } catch (error) {
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
    throw error;
  }
  spawn(process.execPath, [join(__dirname, '..', 'main.js'), 'stop'], { detached: true, stdio: 'ignore', env }).unref();
}
