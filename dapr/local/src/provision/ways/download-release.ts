/** Takes a published archive, checks it against the published checksum, and keeps one program out of it. */
import { chmod, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { x as extract } from 'tar';
import { canReach, checksumFor, downloadFile, downloadText } from '../download-file.js';
import { askVersion } from '../find-program.js';
import type { Machine, Way } from '../types.js';

export interface Release {
  name: string;
  version: string;
  /** The archive for this machine, or undefined when none is published for its kind. */
  archive(machine: Machine): Promise<string | undefined> | string | undefined;
  /** Where the archive's SHA-256 is published. */
  checksums(archive: string): string;
  /** The program's path in the archive. */
  member(archive: string): string;
  /** Asks the unpacked program for its version: proof that it runs on this machine. */
  proof: string[];
  patienceMs?: number;
}

export function downloadRelease(release: Release): Way {
  return {
    name: 'download',
    async possible(machine) {
      const archive = await release.archive(machine);
      if (!archive) return { possible: false, why: `none is published for ${machine.platform} on ${machine.arch}` };
      return canReach(archive, machine);
    },
    async get({ folder, progress, signal, ...machine }) {
      const address = (await release.archive(machine)) ?? '';
      const options = {
        env: machine.env,
        signal,
        progress,
        ...(release.patienceMs && { patienceMs: release.patienceMs }),
      };
      const fileName = basename(new URL(address).pathname);
      progress(`${release.name} ${release.version}: fetching ${fileName} …`);
      const sha256 = checksumFor(fileName, await downloadText(release.checksums(address), options));
      const archive = join(folder, fileName);
      await downloadFile(address, archive, sha256, options);
      const member = release.member(address);
      await extract({ file: archive, cwd: folder, filter: (path) => path.replace(/^\.\//, '') === member });
      const program = join(folder, release.name);
      if (member !== release.name) await rename(join(folder, member), program);
      await rm(archive);
      await chmod(program, 0o755);
      if (!(await askVersion([program, ...release.proof], machine.env, /(\w)/))) {
        throw new Error(`${fileName} does not run on this machine`);
      }
      return { version: release.version, command: [program] };
    },
  };
}
