import { createHash } from 'node:crypto';
import { mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultCacheDir } from './tool-cache.js';
import type { Provisioned } from './types.js';

/**
 * Lays daprd where `dapr run` looks for it, DIR/.dapr/bin/daprd, and answers DIR: the `runtimePath` of a run file.
 * The folder is kept in the cache, one for each daprd.
 */
export async function layRuntimePath(daprd: Provisioned, cacheDir = defaultCacheDir()): Promise<string> {
  const [program = ''] = daprd.command;
  const digest = createHash('sha256').update(program).digest('hex').slice(0, 8);
  const folder = join(cacheDir, 'runtime-path', `${daprd.version}-${digest}`);
  const link = join(folder, '.dapr', 'bin', 'daprd');
  if ((await readlink(link).catch(() => undefined)) === program) return folder;
  await mkdir(join(folder, '.dapr', 'bin'), { recursive: true });
  const draft = `${link}.${process.pid}`;
  await rm(draft, { force: true });
  await symlink(program, draft);
  await rename(draft, link);
  return folder;
}
