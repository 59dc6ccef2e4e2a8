import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Clone {
  root: string;
  git(...words: string[]): void;
  write(file: string, change: (text: string) => string): void;
  /** Commits what was written, with these versions, under a tag. */
  release(tag: string, versions: Record<string, string>): void;
  /** Does something while there is no history, as where a branch was written anew. */
  withoutHistory<T>(something: () => Promise<T>): Promise<T>;
}

/** What is committed in a repository, to make releases of. */
export function cloneOf(repository: string, root: string): Clone {
  execFileSync('git', ['clone', '--quiet', repository, root], { stdio: 'pipe' });
  const git = (...words: string[]) => void execFileSync('git', ['-C', root, ...words], { stdio: 'pipe' });
  git('config', 'user.name', 'Rehearsal');
  git('config', 'user.email', 'rehearsal@example.com');
  git('config', 'commit.gpgsign', 'false');
  git('config', 'core.hooksPath', '/dev/null');
  // Built as in any checkout: the playbooks ask the registry with it.
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  cpSync(join(repository, 'k8s/release/dist'), join(root, 'k8s/release/dist'), { recursive: true });
  return {
    root,
    git,
    write: (file, change) => writeFileSync(join(root, file), change(readFileSync(join(root, file), 'utf8'))),
    release(tag, versions) {
      for (const [where, version] of Object.entries(versions)) {
        writeFileSync(join(root, where, 'deploy/version.json'), JSON.stringify({ version }));
      }
      git('commit', '--quiet', '--all', '--allow-empty', '--message', tag);
      git('tag', tag);
    },
    async withoutHistory(something) {
      const [here, away] = [join(root, '.git'), join(root, '.git-away')];
      renameSync(here, away);
      try {
        return await something();
      } finally {
        renameSync(away, here);
      }
    },
  };
}
