/** Which of MongoDB's published archives suits this machine; none suits Alpine, Arch and other unnamed systems. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Machine } from '../types.js';
import type { Release } from './download-release.js';

const VERSION = '8.0.17';
const HOST = 'https://fastdl.mongodb.org';

export const mongodRelease: Release = {
  name: 'mongod',
  version: VERSION,
  async archive(machine) {
    const name = archiveName(machine, machine.platform === 'linux' ? await readOsRelease() : '');
    return name && `${HOST}/${machine.platform === 'darwin' ? 'osx' : 'linux'}/${name}`;
  },
  checksums: (archive) => `${archive}.sha256`,
  member: (archive) => {
    // An archive for one distribution unpacks into a folder of the same name.
    const folder = basename(new URL(archive).pathname).replace(/\.tgz$/, '');
    return `${folder}/bin/mongod`;
  },
  proof: ['--version'],
  patienceMs: 5_000,
};

export function archiveName(
  { platform, arch }: Pick<Machine, 'platform' | 'arch'>,
  osRelease: string,
): string | undefined {
  if (platform === 'darwin') return `mongodb-macos-${arch === 'arm64' ? 'arm64' : 'x86_64'}-${VERSION}.tgz`;
  const processor = { x64: 'x86_64', arm64: 'aarch64' }[arch];
  const system = distribution(osRelease, arch);
  if (platform !== 'linux' || !processor || !system) return undefined;
  return `mongodb-linux-${processor}-${system}-${VERSION}.tgz`;
}

/** The build for a Linux distribution, or for the older one whose libraries a newer one still has. */
function distribution(osRelease: string, arch: string): string | undefined {
  const value = (name: string): string =>
    (new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(osRelease)?.[1] ?? '').toLowerCase();
  const [id, like, version] = [value('ID'), value('ID_LIKE'), Number.parseFloat(value('VERSION_ID'))];
  if (id === 'ubuntu')
    return version >= 24.04
      ? 'ubuntu2404'
      : version >= 22.04
        ? 'ubuntu2204'
        : version >= 20.04
          ? 'ubuntu2004'
          : undefined;
  if (id === 'debian' && arch === 'x64' && version >= 12) return 'debian12';
  if (id === 'amzn' && version >= 2023) return 'amazon2023';
  if (id === 'fedora') return 'rhel93';
  if (/\b(rhel|centos|rocky|almalinux)\b/.test(`${id} ${like}`))
    return version >= 9 ? 'rhel93' : version >= 8 ? 'rhel8' : undefined;
  if (/\bubuntu\b/.test(like)) return 'ubuntu2204'; // Mint, Pop!_OS and such
  if (id === 'debian' && arch === 'arm64' && version >= 12) return 'ubuntu2204'; // none for Debian on ARM; the same C library line
  return undefined;
}

const readOsRelease = (): Promise<string> => readFile('/etc/os-release', 'utf8').catch(() => '');
