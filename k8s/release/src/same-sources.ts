// Whether what an image was built from is what would be built now.
import { dirname, join } from 'node:path';
import { type Deployable, listDeployables, listWorkspaces, type Workspace } from './deployables';
import { commitOf, filesChanged, git } from './git';
import { type Lock, packagesOfImage, type Resolution } from './locked-packages';
import { Problem } from './problem';
import { readJson, type Tree, treeAt } from './tree';

/**
 * An image is built once for a version and never again, be it on `staging` or on `main`: what it would be built from
 * now has to be the same, or have a version of its own. That is its Dockerfile, the files that go into it, and those of
 * the packages in the lock file that it holds or is compiled with.
 * @param revision the commit that the image of this version was built from
 * @throws Problem naming the service and the first file or package that differs
 */
export function requireSameSources(root: string, deployable: Deployable, revision: string): void {
  const { name, version } = deployable;
  const differing = sourceChanged(root, deployable, revision);
  if (differing === undefined) return;
  throw new Problem(
    `${name} ${version} was built from ${revision.slice(0, 12)}, and ${differing} has changed since: give it a new version, with make version SERVICE=${name} BUMP=patch.`,
  );
}

/**
 * What would be refused once it is merged, told before: a service that changes and keeps its version.
 * @param base what the change is meant for: only what has happened since they parted counts
 * @throws Problem naming each such service, and the first file or package of it that differs
 */
export function requireNewVersions(root: string, base: string): void {
  const parted = git(root, 'merge-base', commitOf(root, base), commitOf(root, 'HEAD')).trim();
  const versions = new Map(listDeployables(root, parted).map(({ name, version }) => [name, version]));
  const lacking = listDeployables(root, 'HEAD')
    .filter(({ name, version }) => versions.get(name) === version)
    .flatMap((deployable) => {
      const differing = sourceChanged(root, deployable, parted);
      return differing === undefined ? [] : `${deployable.name} (${differing})`;
    });
  if (lacking.length === 0) return;
  throw new Problem(
    `These change, and keep the versions that they have: ${lacking.join(', ')}. Give each a new one, as by make version SERVICE=${lacking[0]?.split(' ')[0]} BUMP=patch.`,
  );
}

/** The first file or package that is another at HEAD. */
function sourceChanged(root: string, deployable: Deployable, revision: string): string | undefined {
  const [then, now] = [revision, 'HEAD'].map((ref) => treeAt(root, ref)) as [Tree, Tree];
  const isSource = sourceFilter(deployable, listWorkspaces(now));
  const packagesIn = (tree: Tree) => packagesOfImage(readJson<Lock>(tree, lockFile), deployable.folder);
  return (
    filesChanged(root, commitOf(root, revision), commitOf(root, 'HEAD')).find(isSource) ??
    packageChanged(packagesIn(then), packagesIn(now))
  );
}

/** What a Dockerfile takes of the whole. Of package.json and the lock file beside them, packages alone reach an image. */
const shared = ['.dockerignore', '.npmrc', 'tsconfig.base.json'];

/** What of a workspace's folder stays outside, by .dockerignore. */
const left = /^(test|deploy)\/|^[^/]+\.md$/;

/** Files, by their names from the root of the repository. A test holds this to the Dockerfiles and to .dockerignore. */
export function sourceFilter(deployable: Workspace, all: Workspace[]): (file: string) => boolean {
  const folders = foldersBelow(deployable, all);
  // Its own, or the one that it shares with its neighbours.
  const files = [...shared, `${deployable.folder}/Dockerfile`, join(dirname(deployable.folder), 'Dockerfile')];
  return (file) => {
    const folder = folders.find((one) => file.startsWith(`${one}/`));
    return files.includes(file) || (folder !== undefined && !left.test(file.slice(folder.length + 1)));
  };
}

const foldersBelow = (workspace: Workspace, all: Workspace[]): string[] => [
  workspace.folder,
  ...all
    .filter(({ package: name }) => workspace.dependencies.includes(name))
    .flatMap((dependency) => foldersBelow(dependency, all)),
];

const lockFile = 'package-lock.json';

function packageChanged(then: Resolution[], now: Resolution[]): string | undefined {
  const [before, after] = [then, now].map((list) => new Set(list.map(wordOf))) as [Set<string>, Set<string>];
  const changed = now.find((one) => !before.has(wordOf(one))) ?? then.find((one) => !after.has(wordOf(one)));
  return changed && `${changed.name} in ${lockFile}`;
}

const wordOf = ({ dependant, name, contents }: Resolution) => `${dependant} > ${name} ${contents}`;
