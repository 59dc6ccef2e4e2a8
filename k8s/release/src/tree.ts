// The files of this repository: as they lie checked out, or as git has them at a commit.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitOf, fileAt } from './git';

export interface Tree {
  /** For what is said of a file: nothing, or ` at v1.4.0`. */
  at: string;
  /** @returns undefined for a file that is not there */
  read(file: string): string | undefined;
}

export const checkedOut = (root: string): Tree => ({
  at: '',
  read: (file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined),
});

/** @throws Problem when the repository has no such commit, branch or tag */
export function treeAt(root: string, ref: string): Tree {
  const commit = commitOf(root, ref);
  return { at: ` at ${ref}`, read: (file) => fileAt(root, commit, file) };
}
