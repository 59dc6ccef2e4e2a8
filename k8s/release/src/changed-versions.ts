import { dirname } from 'node:path';
import {
  type Deployable,
  listDeployables,
  listWorkspaces,
  parseVersion,
  versionFile,
  type Workspace,
} from './deployables';
import { commitOf, fileAt, filesChanged } from './git';
import { Problem } from './problem';
import { treeAt } from './tree';

export interface ChangedVersion extends Pick<Deployable, 'name' | 'version'> {
  /** Undefined for a service that was not there. */
  before: string | undefined;
}

/** Services whose version is another than at `base`. */
export function changedVersions(root: string, base: string): ChangedVersion[] {
  const commit = commitOf(root, base);
  return listDeployables(root)
    .map(({ name, version, folder }) => {
      const text = fileAt(root, commit, versionFile(folder));
      return {
        name,
        version,
        before: text === undefined ? undefined : parseVersion(text, `${versionFile(folder)} at ${base}`),
      };
    })
    .filter(({ version, before }) => version !== before);
}

/**
 * An image is built once for a version and never again: what has changed since must have a version of its own. The lock
 * file does not count: an update of what others wrote reaches a service with its next version.
 * @param revision the commit that the image of this version was built from
 * @throws Problem naming the service and the first file that differs
 */
export function requireSameSources(root: string, deployable: Deployable, revision: string): void {
  const { name, version } = deployable;
  const folders = foldersBelow(deployable, listWorkspaces(treeAt(root, 'HEAD')));
  const sources = [
    ...folders.flatMap((folder) => [`${folder}/src/`, `${folder}/package.json`]),
    ...dockerfilesOf(deployable.folder),
  ];
  const changed = filesChanged(root, commitOf(root, revision), commitOf(root, 'HEAD'));
  const differing = changed.find((file) => sources.some((source) => file.startsWith(source)));
  if (differing === undefined) return;
  throw new Problem(
    `${name} ${version} was built from ${revision.slice(0, 12)}, and ${differing} has changed since: give it a new version, with make version SERVICE=${name} BUMP=patch.`,
  );
}

/** Its own, or the one that it shares with its neighbours. */
const dockerfilesOf = (folder: string): string[] => [`${folder}/Dockerfile`, `${dirname(folder)}/Dockerfile`];

const foldersBelow = (workspace: Workspace, all: Workspace[]): string[] => [
  workspace.folder,
  ...all
    .filter(({ package: name }) => workspace.dependencies.includes(name))
    .flatMap((dependency) => foldersBelow(dependency, all)),
];
