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
  /** Commits all there is. @returns the commit's id */
  commit(message: string): string;
  remove(): void;
}

export function makeRepository(): Repository {
  const root = mkdtempSync(join(tmpdir(), 'release-'));
  const git = (...words: string[]) => execFileSync('git', ['-C', root, ...words], { encoding: 'utf8' }).trim();
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'A developer');
  git('config', 'user.email', 'developer@example.com');
  git('config', 'commit.gpgsign', 'false');
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
  write('CHANGELOG.md', '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Doors.\n\n## [1.0.0]\n\n- All.\n');
  write(
    'k8s/overlays/eks/kustomization.yaml',
    '# Where it runs for real.\nresources: [../../base]\nimages:\n  - name: ticketing-orders\n    newName: example.com/orders # ours\n    newTag: 1.0.0\n  - { name: ticketing-tickets, newTag: 1.0.0 }\n  - { name: ticketing-web, newTag: 1.0.0 }\n',
  );
  return {
    root,
    git,
    write,
    read: (file) => readFileSync(join(root, file), 'utf8'),
    commit(message) {
      git('add', '--all');
      git('commit', '--quiet', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}
