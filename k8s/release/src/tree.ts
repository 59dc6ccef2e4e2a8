// The files of this repository: as they lie checked out, or as git has them at a commit.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitOf, filesAt, git } from './git';
import { Problem } from './problem';

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
  const names = new Set(filesAt(root, commit).map(({ name }) => name));
  return { at: ` at ${ref}`, read: (file) => (names.has(file) ? git(root, 'show', `${commit}:${file}`) : undefined) };
}

/** @throws Problem when the file is not there, or is not JSON; what it holds is not looked at */
export function readJson<Content>(tree: Tree, file: string): Content {
  const text = tree.read(file);
  if (text === undefined) throw new Problem(`There is no ${file}${tree.at}.`);
  return parseJson(text, `${file}${tree.at}`) as Content;
}

/** @throws Problem naming the file */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem(`${file} is not JSON: ${(error as Error).message}`);
  }
}
