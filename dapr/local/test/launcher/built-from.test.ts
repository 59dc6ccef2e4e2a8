// How `make run` knows whether the web client has to be built again.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryDir } from '../../src/settings/repository';

describe('the web client', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'built-from-'));
    mkdirSync(join(root, 'web', 'src', 'app'), { recursive: true });
    mkdirSync(join(root, 'web', '.next', 'standalone', 'web'), { recursive: true });
    writeFileSync(server(), '');
    cpSync(join(repositoryDir, 'web', 'scripts'), join(root, 'web', 'scripts'), { recursive: true });
    writeFileSync(join(root, 'web', 'src', 'app', 'page.tsx'), 'one');
    writeFileSync(join(root, 'package-lock.json'), '{}');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const server = () => join(root, 'web', '.next', 'standalone', 'web', 'server.js');
  const script = () => join(root, 'web', 'scripts', 'built-from.mjs');
  const node = (...words: string[]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return stdout.trim();
  };
  const state = () => node(script());
  const stamp = () =>
    node(
      '--input-type=module',
      '--eval',
      `import { digestOfSources, stampFile } from '${pathToFileURL(script()).href}';
       import { writeFileSync } from 'node:fs';
       writeFileSync(stampFile, await digestOfSources());`,
    );

  test('is built when it never was, and not again while nothing changes', () => {
    expect(state()).toBe('changed');
    stamp();
    expect(state()).toBe('same');
  });

  test.each([
    ['a source', 'web/src/app/page.tsx'],
    ['a new source', 'web/src/app/other.tsx'],
    ['the locked packages', 'package-lock.json'],
  ])('is built again when %s changes', (_what, path) => {
    stamp();
    writeFileSync(join(root, path), 'two');
    expect(state()).toBe('changed');
  });

  test('is built again when a build broke off, and left no server', () => {
    stamp();
    rmSync(server());
    expect(state()).toBe('changed');
  });

  test('is not built again for a test or for what it has written itself', () => {
    stamp();
    mkdirSync(join(root, 'web', 'test'));
    writeFileSync(join(root, 'web', 'test', 'page.test.ts'), '');
    writeFileSync(join(root, 'web', '.next', 'trace'), '');
    expect(state()).toBe('same');
  });
});
