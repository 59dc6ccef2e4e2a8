// What somebody names to be deployed, as one commit: what is looked at and what is deployed have to be the same.
import { commitOf, git, hasCommit, isAncestor } from './git';
import { Problem } from './problem';

/**
 * @param name a tag, a branch as origin has it, or a commit by seven digits or more; if these lead to several, none counts
 * @param branches of origin, of which one has to have the commit
 * @returns the whole id
 * @throws Problem when there is none of this name, when it could be several, or when none of the branches has it
 */
export function findRelease(root: string, name: string, branches: string[]): string {
  const meanings = new Set([
    ...[`refs/tags/${name}`, branchOfOrigin(name)].filter((ref) => isRef(root, ref)).map((ref) => commitOf(root, ref)),
    ...commitsLike(root, name),
  ]);
  const [commit, ...others] = meanings;
  if (commit === undefined) throw new Problem(`This repository has no tag, branch or commit ${name || '""'}.`);
  if (others.length > 0) {
    throw new Problem(`${name} could be ${[...meanings].join(' or ')} (tag, branch, commit): give the whole commit.`);
  }
  if (branches.some((branch) => isAncestor(root, commit, branchOfOrigin(branch)))) return commit;
  throw new Problem(`${name} (${commit.slice(0, 12)}) is not merged into ${branches.join(' or ')}.`);
}

const branchOfOrigin = (name: string) => `refs/remotes/origin/${name}`;

/** Names alone: what git reads into `main~1` is none. */
const isRef = (root: string, ref: string) =>
  git(root, 'for-each-ref', '--format=%(refname)', '--', ref).split('\n').includes(ref) && hasCommit(root, ref);

/** By their ids alone: a tag or branch may look like the beginning of one. */
function commitsLike(root: string, name: string): string[] {
  if (!/^[0-9a-f]{7,40}$/.test(name)) return [];
  const objects = git(root, 'rev-parse', `--disambiguate=${name}`).split('\n').filter(Boolean);
  return objects.filter((id) => git(root, 'cat-file', '-t', id).trim() === 'commit');
}
