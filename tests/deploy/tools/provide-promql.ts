// Prometheus' own parser and engine of expressions, built once from their pinned module.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { madeOnce, need } from './provide-tools';

/** @returns the program, as its main.go tells @throws Error when Go is missing on this machine */
export function providePromql(): string {
  const pins = ['promql/go.mod', 'promql/go.sum', 'promql/main.go', 'promql/trial.go'];
  const folder = madeOnce('deploy-checks-promql', pins, (made) => {
    need('go', 'the parser of Prometheus is built with it (tests/deploy/tools/promql)');
    const words = ['build', '-trimpath', '-o', join(made, 'promql'), '.'];
    execFileSync('go', words, { cwd: join(__dirname, 'promql'), stdio: 'pipe' });
  });
  return join(folder, 'promql');
}
