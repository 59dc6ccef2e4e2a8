import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
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
  const place = join(folder, '.dapr', 'bin', 'daprd');
  const script = onLoopback(program);
  if ((await readFile(place, 'utf8').catch(() => undefined)) === script) return folder;
  await mkdir(join(folder, '.dapr', 'bin'), { recursive: true });
  const draft = `${place}.${process.pid}`;
  await writeFile(draft, script, { mode: 0o755 });
  await rename(draft, place);
  return folder;
}

/**
 * Starts daprd so that it listens on this machine alone. `dapr run -f` has no word for two of its ports, which are open
 * to the whole network otherwise: metrics, and internal gRPC, over which anybody could speak as another app. Sidecars
 * look for each other at DAPR_HOST_IP. `exec` keeps the process id and hence signals.
 */
const onLoopback = (program: string) => `#!/bin/sh
export DAPR_HOST_IP=127.0.0.1
exec '${program.replaceAll("'", "'\\''")}' \\
  --dapr-internal-grpc-listen-address 127.0.0.1 --metrics-listen-address 127.0.0.1 "$@"
`;
