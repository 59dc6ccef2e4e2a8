// A repository to work in: real git, a few workspaces, overlays and a changelog.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Repository {
  root: string;
  git(...words: string[]): string;
  write(file: string, text: string): void;
  read(file: string): string;
  /** Another version of a package in the lock file, by its place there. */
  update(place: string, version?: string): void;
  /** Commits all there is. @returns the commit's id */
  commit(message: string): string;
  remove(): void;
}

/** Settings by words of git would each be a process, for each test. */
const developer = { NAME: 'A developer', EMAIL: 'developer@example.com' };
const env = {
  ...process.env,
  ...Object.fromEntries(
    Object.entries(developer).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]),
  ),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

export function makeRepository(): Repository {
  const root = mkdtempSync(join(tmpdir(), 'release-'));
  const git = (...words: string[]) => execFileSync('git', ['-C', root, ...words], { encoding: 'utf8', env }).trim();
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  git('init', '--quiet', '--initial-branch=main');
  const workspaces = {
    'services/common': {},
    'services/orders': { '@ticketing/common': '0.1.0' },
    'services/tickets': { '@ticketing/common': '0.1.0' },
    web: {},
  };
  write('package.json', JSON.stringify({ name: 'ticketing', workspaces: Object.keys(workspaces) }));
  for (const [folder, dependencies] of Object.entries(workspaces)) {
    const name = `@ticketing/${folder.split('/').at(-1)}`;
    write(`${folder}/package.json`, JSON.stringify({ name, dependencies }));
    write(`${folder}/src/main.ts`, 'one');
    if (folder !== 'services/common') write(`${folder}/deploy/version.json`, '{ "version": "1.0.0" }\n');
  }
  write('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: lockedPackages() }));
  write('CHANGELOG.md', '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Doors.\n\n## [1.0.0]\n\n- All.\n');
  write(
    'k8s/overlays/eks/kustomization.yaml',
    '# Where it runs for real.\nresources: [../../base]\nimages:\n  - name: ticketing-orders\n    newName: example.com/orders # ours\n    newTag: 1.0.0\n  - { name: ticketing-tickets, newTag: 1.0.0 }\n  - { name: ticketing-web, newTag: 1.0.0 }\n',
  );
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  return {
    root,
    git,
    write,
    read,
    update(place, version = '9.9.9') {
      const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, object> };
      lock.packages[place] = { ...lock.packages[place], version, integrity: `sha512-${place}-${version}` };
      write('package-lock.json', JSON.stringify(lock));
    },
    commit(message) {
      git('add', '--all');
      git('commit', '--quiet', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}

/** As npm locks them: a package that two versions are needed of, links to workspaces, what is for tests or for others. */
function lockedPackages(): Record<string, object> {
  const needs = (dependencies: Record<string, string>, more: object = {}) => ({
    version: '1.0.0',
    integrity: 'sha512-one',
    dependencies,
    ...more,
  });
  const link = (folder: string) => ({ resolved: folder, link: true });
  return {
    '': { version: '0.1.0', devDependencies: { jest: '1.0.0', typescript: '1.0.0' } },
    'services/common': { version: '0.1.0', dependencies: { zod: '1.0.0' } },
    'services/orders': {
      version: '0.1.0',
      dependencies: { '@ticketing/common': '0.1.0', express: '1.0.0' },
      devDependencies: { jsqr: '1.0.0' },
    },
    'services/tickets': { version: '0.1.0', dependencies: { '@ticketing/common': '0.1.0', qs: '0.9.0' } },
    web: { version: '0.1.0', dependencies: { next: '1.0.0' }, devDependencies: { sass: '1.0.0' } },
    'services/tickets/node_modules/qs': needs({}, { version: '0.9.0' }),
    'node_modules/@ticketing/common': link('services/common'),
    'node_modules/@ticketing/orders': link('services/orders'),
    'node_modules/@ticketing/tickets': link('services/tickets'),
    'node_modules/@ticketing/web': link('web'),
    'node_modules/express': needs({ qs: '^1.0.0', 'side-channel': '1.0.0' }),
    'node_modules/express/node_modules/side-channel': needs({ zod: '^1.0.0' }),
    'node_modules/side-channel': needs({}, { version: '0.1.0' }),
    'node_modules/qs': needs({}),
    'node_modules/zod': needs({}),
    'node_modules/next': needs(
      {},
      {
        optionalDependencies: { 'swc-linux': '1.0.0', 'swc-darwin': '1.0.0' },
        peerDependencies: { react: '1.0.0', telemetry: '1.0.0', jest: '1.0.0', compiler: '1.0.0' },
        peerDependenciesMeta: { telemetry: { optional: true }, jest: { optional: true }, compiler: { optional: true } },
      },
    ),
    'node_modules/swc-linux': needs({}, { os: ['linux'] }),
    'node_modules/swc-darwin': needs({}, { os: ['darwin'] }),
    'node_modules/react': needs({}),
    'node_modules/telemetry': needs({}),
    'node_modules/sass': needs({ immutable: '1.0.0' }, { dev: true }),
    'node_modules/immutable': needs({}, { dev: true }),
    'node_modules/typescript': needs({}, { dev: true }),
    'node_modules/jest': needs({ expect: '1.0.0' }, { dev: true }),
    'node_modules/expect': needs({}, { dev: true }),
    'node_modules/jsqr': needs({}, { dev: true }),
  };
}
