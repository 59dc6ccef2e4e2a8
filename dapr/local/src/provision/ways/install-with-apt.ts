/** Installs a package of Debian's or Ubuntu's archive, as root: for a program too entangled with the system to unpack. */
import { findProgram } from '../find-program.js';
import { requireCommand } from '../run-command.js';
import { tellProgress } from '../tell-progress.js';
import type { Way } from '../types.js';

interface AptPackage {
  package: string;
  /** The program that it brings. */
  program: string;
  /** Asks the program for its version. @returns nothing when it does not run */
  versionOf(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined>;
}

const installTimeoutMs = 600_000;

export const installWithApt = ({ package: name, program, versionOf }: AptPackage): Way => ({
  name: 'apt',
  async possible(machine) {
    if (!(await findProgram('apt-get', machine))) return { possible: false, why: 'this system has no apt-get' };
    if (process.getuid?.() !== 0) return { possible: false, why: `installing ${name} needs root` };
    return { possible: true, why: `installs the system's package ${name}` };
  },
  async get({ env, progress, signal, platform, arch }) {
    const run = (...words: string[]) =>
      requireCommand(['apt-get', '-q', '-y', ...words], {
        env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
        signal,
        timeoutMs: installTimeoutMs,
      });
    await tellProgress(progress, `${name}: installing the system's package`, async () => {
      await run('update');
      await run('install', '--no-install-recommends', name);
    });
    const path = await findProgram(program, { env, platform, arch });
    const version = path && (await versionOf(path, env));
    if (!path || !version) throw new Error(`the installed ${program} does not run`);
    return { version, command: [path] };
  },
});
