// What `docker build .` would be sent: the files of the repository that .dockerignore lets through.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Copies the context into a folder: files that git knows or would take, never what lies about. @returns their names */
export function layBuildContext(repository: string, folder: string): string[] {
  const words = ['-C', repository, 'ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const files = execFileSync('git', words, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\0');
  const ignored = ignoredBy(readFileSync(join(repository, '.dockerignore'), 'utf8'));
  // A file that was removed and not yet committed is still listed.
  const sent = files.filter((file) => file !== '' && !ignored(file) && existsSync(join(repository, file)));
  for (const file of sent) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(join(repository, file), join(folder, file));
  }
  return sent;
}

/** Docker's rules: each pattern also covers what is below, and the last one that fits decides. */
export function ignoredBy(text: string): (file: string) => boolean {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), fits: expressionOf(line.replace(/^!/, '')) }));
  return (file) => rules.reduce((ignored, { keeps, fits }) => (fits.test(file) ? !keeps : ignored), false);
}

function expressionOf(pattern: string): RegExp {
  const body = pattern
    .split(/(\*\*\/|\*\*|\*)/)
    .map((part) => globs[part] ?? part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&'))
    .join('');
  return new RegExp(`^${body}(/.*)?$`);
}

const globs: Record<string, string> = { '**/': '(.*/)?', '**': '.*', '*': '[^/]*' };
