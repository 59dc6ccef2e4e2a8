// What the web client is built from, as one digest: `make run` builds it again when that has changed. Run by itself it
// prints `same` or `changed`.
import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

const web = join(import.meta.dirname, '..');
/** Beside the server, so that they go together. */
export const stampFile = join(web, '.next/standalone/web/built-from');
const serverFile = join(web, '.next/standalone/web/server.js');

const sources = ['src', 'scripts', 'package.json', 'next.config.ts', 'tsconfig.json', '../package-lock.json'];

export async function digestOfSources() {
  const hash = createHash('sha256').update(process.version);
  for (const path of (await Promise.all(sources.map((name) => filesOf(join(web, name))))).flat()) {
    hash.update(`${relative(web, path)}\0`).update(await readFile(path));
  }
  return hash.digest('hex');
}

async function filesOf(path) {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOTDIR') return undefined;
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (!entries) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Nothing when there is no server, or two builds at once have spoilt it. */
async function builtFrom() {
  return access(serverFile)
    .then(() => readFile(stampFile, 'utf8'))
    .catch((error) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write((await builtFrom()) === (await digestOfSources()) ? 'same\n' : 'changed\n');
}
