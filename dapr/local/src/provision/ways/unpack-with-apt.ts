/**
 * Unpacks Redis from the system's package archive into the cache: no root, and no system service is started or left
 * on port 6379. Debian and Ubuntu; their packages are signed, and apt checks that.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { askVersion, findProgram } from '../find-program.js';
import { requireCommand } from '../run-command.js';
import { tellProgress } from '../tell-progress.js';
import type { Way, WayContext } from '../types.js';

const PACKAGE = 'redis-server';

export const unpackWithApt: Way = {
  name: 'apt',
  async possible(machine) {
    for (const program of ['apt-get', 'apt-cache', 'dpkg-deb']) {
      if (!(await findProgram(program, machine))) return { possible: false, why: `this system has no ${program}` };
    }
    return { possible: true, why: 'unpacked from the system archive, without root' };
  },
  async get(context) {
    const { folder, env, progress, signal } = context;
    const debs = join(folder, 'packages');
    const root = join(folder, 'root');
    await tellProgress(progress, `${PACKAGE}: fetching it from the system's package archive`, () =>
      fetchPackages(debs, context),
    );
    for (const deb of await readdir(debs)) {
      if (deb.endsWith('.deb')) await requireCommand(['dpkg-deb', '--extract', join(debs, deb), root], { env, signal });
    }
    await Promise.all([debs, join(folder, 'apt')].map((done) => rm(done, { recursive: true, force: true })));
    const libraries = await libraryFolders(root);
    const program = join(root, 'usr/bin/redis-server');
    const extra = { LD_LIBRARY_PATH: libraries.join(':') };
    const version = await askVersion([program, '--version'], { ...env, ...extra }, /v=(\d+\.\d+\.\d+)/);
    if (!version) throw new Error('the unpacked redis-server does not run');
    return { version, command: [program], env: extra };
  },
};

/** Downloads the package and the libraries it needs; with the system's own lists, or with fresh ones when they fail. */
async function fetchPackages(debs: string, { folder, env, signal, progress }: WayContext): Promise<void> {
  await mkdir(debs, { recursive: true });
  const fetch = async (own: string[]): Promise<void> => {
    const names = await packagesNeeded(own, env, signal);
    await requireCommand(['apt-get', ...own, 'download', ...names], { cwd: debs, env, signal, timeoutMs: 300_000 });
  };
  try {
    await fetch(['-o', 'APT::Sandbox::User=root']);
  } catch (error) {
    signal.throwIfAborted();
    progress(
      `${PACKAGE}: the system's package lists do not serve (${(error as Error).message.slice(0, 120)}); fetching fresh ones`,
    );
    const own = await ownLists(join(folder, 'apt'));
    await requireCommand(['apt-get', ...own, 'update'], { env, signal, timeoutMs: 300_000 });
    await fetch(own);
  }
}

/**
 * Redis and, level by level, the libraries that it and they need. The C library and its kin are the system's: two of
 * them do not mix. What else a package wants (users, services, Perl) is for an installation, which this is not.
 */
async function packagesNeeded(own: string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string[]> {
  const needed = new Set([PACKAGE]);
  let level = [PACKAGE];
  while (level.length > 0) {
    const listed = await requireCommand(['apt-cache', ...own, 'depends', '--important', ...level], { env, signal });
    const names = [...listed.stdout.matchAll(/^ +\|?(?:Pre)?Depends: ([a-z0-9][a-z0-9.+-]*)$/gm)].map(
      (line) => line[1] ?? '',
    );
    level = [...new Set(names)].filter((name) => IS_PART.test(name) && !IS_THE_SYSTEMS.test(name) && !needed.has(name));
    for (const name of level) needed.add(name);
  }
  return [...needed];
}

const IS_PART = /^(redis|lib|lua)/;
const IS_THE_SYSTEMS = /^(libc6|libc-bin|libgcc|libcrypt1)/;

/** Settings that give apt its own lists and cache in our folder, which needs no root. */
async function ownLists(folder: string): Promise<string[]> {
  await Promise.all(
    ['lists/partial', 'cache/archives/partial'].map((name) => mkdir(join(folder, name), { recursive: true })),
  );
  const settings = { 'Dir::State::Lists': 'lists', 'Dir::Cache': 'cache' };
  const placed = Object.entries(settings).flatMap(([name, place]) => ['-o', `${name}=${join(folder, place)}`]);
  return [...placed, '-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User=root'];
}

/** `usr/lib/x86_64-linux-gnu` and such, under the folder unpacked into. */
async function libraryFolders(root: string): Promise<string[]> {
  const folders = new Set<string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (/\.so(\.|$)/.test(entry.name) && /\/lib(\/[^/]+-linux-[^/]+)?$/.test(entry.parentPath))
      folders.add(entry.parentPath);
  }
  return [...folders].sort();
}
