// Whether what an image was built from is what would be built now.
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { type Deployable, listDeployables, listWorkspaces, type Workspace } from './deployables';
import { commitOf, filesAt, filesChanged, git, hasCommit } from './git';
import { type Lock, packagesOfImage, type Resolution } from './locked-packages';
import { Problem } from './problem';
import { readJson, type Tree, treeAt } from './tree';

/** What an image tells of itself. */
export interface Origin {
  /** The commit that it was built from. */
  revision: string;
  /** The `hashSources` of then. Undefined for an image that was built before there was one. */
  sources: string | undefined;
}

/**
 * An image is built once for a version and never again, be it on `staging` or on `main`: what it would be built from
 * has to be the same, or have a version of its own. That is its Dockerfile, the files that go into it, and those of
 * the packages in the lock file that it holds or is compiled with. The commit may be lost since, as where a branch was
 * written anew: the hash does without it.
 * @param ref what is to run: a commit, branch or tag
 * @throws Problem naming the service, and the first file or package that differs
 */
export function requireSameSources(
  root: string,
  deployable: Deployable,
  { revision, sources }: Origin,
  ref = 'HEAD',
): void {
  const { name, version } = deployable;
  if (sources !== undefined && sources === hashSources(root, deployable, ref)) return;
  // Of another hash, it may yet be the same: what counts as a source may have changed since.
  const known = hasCommit(root, revision);
  const differing = known ? sourceChanged(root, deployable, revision, ref) : undefined;
  if (known && differing === undefined) return;
  const what = known
    ? `${differing} has changed since`
    : 'this repository has no such commit (is it fetched?) by which its sources could be known for the same';
  throw new Problem(
    `${name} ${version} was built from ${revision.slice(0, 12)}, and ${what}: give it a new version, with make version SERVICE=${name} BUMP=patch.`,
  );
}

/** The same for images of the same sources. @param ref a commit, branch or tag */
export function hashSources(root: string, deployable: Deployable, ref = 'HEAD'): string {
  const tree = treeAt(root, ref);
  const isSource = sourceFilter(deployable, listWorkspaces(tree));
  const files = filesAt(root, commitOf(root, ref)).filter(({ name }) => isSource(name));
  const packages = new Set(packagesIn(tree, deployable).map(wordOf));
  return createHash('sha256')
    .update(JSON.stringify([files, [...packages].sort()]))
    .digest('hex');
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
      const differing = sourceChanged(root, deployable, parted, 'HEAD');
      return differing === undefined ? [] : `${deployable.name} (${differing})`;
    });
  if (lacking.length === 0) return;
  throw new Problem(
    `These change, and keep the versions that they have: ${lacking.join(', ')}. Give each a new one, as by make version SERVICE=${lacking[0]?.split(' ')[0]} BUMP=patch.`,
  );
}

/** The first file or package that is another at `ref` than it was at `revision`. */
function sourceChanged(root: string, deployable: Deployable, revision: string, ref: string): string | undefined {
  const [then, now] = [revision, ref].map((one) => treeAt(root, one)) as [Tree, Tree];
  const isSource = sourceFilter(deployable, listWorkspaces(now));
  return (
    filesChanged(root, commitOf(root, revision), commitOf(root, ref)).find(isSource) ??
    packageChanged(packagesIn(then, deployable), packagesIn(now, deployable))
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

const packagesIn = (tree: Tree, { folder }: Workspace) => packagesOfImage(readJson<Lock>(tree, lockFile), folder);

function packageChanged(then: Resolution[], now: Resolution[]): string | undefined {
  const [before, after] = [then, now].map((list) => new Set(list.map(wordOf))) as [Set<string>, Set<string>];
  const changed = now.find((one) => !before.has(wordOf(one))) ?? then.find((one) => !after.has(wordOf(one)));
  return changed && `${changed.name} in ${lockFile}`;
}

const wordOf = ({ dependant, name, contents }: Resolution) => `${dependant} > ${name} ${contents}`;
