import { spawnSync } from 'node:child_process';
import { Problem } from './problem';

/** @throws Problem with what git said */
export function git(root: string, ...words: string[]): string {
  const { status, stdout, stderr, error } = run(root, words);
  if (status !== 0) throw new Problem(`git ${words.join(' ')}: ${error?.message ?? stderr.trim()}`);
  return stdout;
}

/** @throws Problem when the repository has no such commit, branch or tag */
export function commitOf(root: string, ref: string): string {
  const { status, stdout } = run(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  if (status !== 0) throw new Problem(`This repository has no commit, branch or tag ${ref || '""'}: is it fetched?`);
  return stdout.trim();
}

export const hasCommit = (root: string, ref: string): boolean =>
  run(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]).status === 0;

export interface CommittedFile {
  /** From the root of the repository. */
  name: string;
  /** Mode and contents, as git has them. */
  contents: string;
}

/** Every file of a commit. */
export function filesAt(root: string, commit: string): CommittedFile[] {
  const lines = git(root, 'ls-tree', '-r', '-z', commit).split('\0').filter(Boolean);
  return lines.map((line) => {
    const end = line.indexOf('\t');
    return { name: line.slice(end + 1), contents: line.slice(0, end) };
  });
}

/** Whether a commit is in the history of another, or the same. */
export function isAncestor(root: string, commit: string, of: string): boolean {
  const words = ['merge-base', '--is-ancestor', commit, of];
  const { status, stderr } = run(root, words);
  if (status !== 0 && status !== 1) throw new Problem(`git ${words.join(' ')}: ${stderr.trim()}`);
  return status === 0;
}

/** Files that differ, by their names from the root of the repository; a renamed one by both its names. */
export function filesChanged(root: string, base: string, head: string): string[] {
  return git(root, 'diff', '--name-only', '--no-renames', '-z', base, head).split('\0').filter(Boolean);
}

const run = (root: string, words: string[]) =>
  spawnSync('git', ['-C', root, ...words], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
