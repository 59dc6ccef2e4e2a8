/** Builds a Go program from a committed go.mod and go.sum: nothing is resolved anew, so every machine builds the same. */
import { readFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compareVersions } from '../compare-versions.js';
import { findProgram } from '../find-program.js';
import { requireCommand, runCommand } from '../run-command.js';
import { tellProgress } from '../tell-progress.js';
import type { Machine, Possibility, Way } from '../types.js';

export interface GoProgram {
  name: string;
  version: string;
  /** The folder of the go.mod that pins it, under dapr/runtime. */
  module: string;
  package: string;
  ldflags: string;
  tags?: string;
  /** How long a cold build takes on 2 cores, as a person would say it. */
  duration: string;
}

/** The same folder from source and from the compiled code: both lie two levels under dapr/local. */
const RUNTIME = resolve(__dirname, '../../../../runtime');

export const moduleFolder = (module: string): string => join(RUNTIME, module);

export function buildWithGo(program: GoProgram): Way {
  return {
    name: 'go build',
    possible: (machine) => canBuild(program, machine),
    async get({ folder, env, progress, signal }) {
      const go = (await findProgram('go', { env, platform: process.platform, arch: process.arch })) ?? 'go';
      const unfinished = join(folder, `building-${process.pid}`);
      let packages = 0;
      let downloads = 0;
      await tellProgress(
        progress,
        `${program.name} ${program.version}: building from its Go module (${program.duration} the first time)`,
        () =>
          requireCommand([go, ...buildArguments(program, unfinished)], {
            cwd: moduleFolder(program.module),
            env: { ...env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '' },
            signal,
            onLine(line) {
              if (line.startsWith('go: downloading')) downloads += 1;
              else packages += 1;
            },
          }),
        () => `(${downloads} modules fetched, ${packages} packages compiled)`,
      );
      const path = join(folder, program.name);
      await rename(unfinished, path);
      return { version: program.version, command: [path] };
    },
  };
}

export function buildArguments(program: GoProgram, output: string): string[] {
  const tags = program.tags ? ['-tags', program.tags] : [];
  const flags = ['-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags', program.ldflags, ...tags];
  return ['build', '-v', ...flags, '-o', output, program.package];
}

/** Go fetches the compiler that a go.mod asks for by itself, from 1.21 on, unless GOTOOLCHAIN forbids it. */
async function canBuild(program: GoProgram, machine: Machine): Promise<Possibility> {
  const go = await findProgram('go', machine);
  if (!go) return { possible: false, why: 'Go is not installed' };
  const asked = await runCommand([go, 'env', 'GOVERSION', 'GOTOOLCHAIN'], {
    env: machine.env,
    cwd: RUNTIME,
    timeoutMs: 10_000,
  }).catch(() => undefined);
  const [version = '', toolchain = ''] = (asked?.stdout ?? '').split('\n').map((line) => line.replace(/^go(?=\d)/, ''));
  if (!/^\d/.test(version)) return { possible: false, why: `${go} does not work` };
  const needed = await goLine(program);
  if (compareVersions(version, needed) >= 0) return { possible: true, why: `Go ${version}` };
  if (compareVersions(version, '1.21.0') < 0) {
    return {
      possible: false,
      why: `Go ${version} is too old (${needed} is needed, and only Go 1.21 or later fetches it by itself)`,
    };
  }
  if (toolchain === 'local') {
    return {
      possible: false,
      why: `Go ${version} is older than ${needed} and GOTOOLCHAIN=local forbids fetching that`,
    };
  }
  return { possible: true, why: `Go ${version}, which will fetch Go ${needed}` };
}

async function goLine(program: GoProgram): Promise<string> {
  const text = await readFile(join(moduleFolder(program.module), 'go.mod'), 'utf8');
  return /^go (\S+)/m.exec(text)?.[1] ?? '1.21';
}
