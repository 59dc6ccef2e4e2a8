import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gt, inc, valid } from 'semver';
import { type Deployable, listDeployables, versionFile } from './deployables';
import { noteVersion } from './note-version';
import { overlaysWith, writeOverlays } from './overlays';
import { Problem } from './problem';

const bumps = ['major', 'minor', 'patch'] as const;

/**
 * Gives a service its next version: in its version.json, in the images of every overlay, and in the changelog.
 * @param bump `major`, `minor`, `patch`, or the version itself, which must be a later one
 * @returns the new version
 */
export function bumpVersion(root: string, deployable: Deployable, bump: string): string {
  const next = nextVersion(deployable, bump);
  const changelog = join(root, 'CHANGELOG.md');
  const noted = noteVersion(readFileSync(changelog, 'utf8'), deployable.name, next);
  const all = listDeployables(root).map(({ name, version }) => ({
    name,
    version: name === deployable.name ? next : version,
  }));
  const overlays = overlaysWith(root, all);
  writeFileSync(join(root, versionFile(deployable.folder)), `${JSON.stringify({ version: next }, null, 2)}\n`);
  writeFileSync(changelog, noted);
  writeOverlays(overlays);
  return next;
}

function nextVersion({ name, version }: Deployable, bump: string): string {
  const named = bumps.find((one) => one === bump);
  const next = named ? inc(version, named) : valid(bump);
  if (next === null || (!named && next !== bump)) {
    throw new Problem(`BUMP is ${bump || 'missing'}: say major, minor, patch, or a version such as 1.4.0.`);
  }
  if (!gt(next, version)) throw new Problem(`${name} is at ${version} already: ${next} would not be a later version.`);
  return next;
}
