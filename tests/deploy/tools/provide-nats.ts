// The NATS command line, built once from its pinned module.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { madeOnce, need } from './provide-tools';

/** @returns the folder that has `nats` @throws Error when Go is missing on this machine */
export function provideNatsFolder(): string {
  return madeOnce('deploy-checks-nats', ['nats/go.mod', 'nats/go.sum'], (folder) => {
    need('go', 'the command line of NATS is built with it (tests/deploy/tools/nats/go.mod)');
    const words = ['build', '-trimpath', '-ldflags', '-s -w', '-o', `${folder}/`, 'github.com/nats-io/natscli/nats'];
    execFileSync('go', words, { cwd: join(__dirname, 'nats'), stdio: 'pipe' });
  });
}
