// The web client is served as it is built for production. A build takes half a minute or more, so it is made when its
// sources have changed, beside the other preparations, and yields to them.
import { join } from 'node:path';
import { withLock } from '../provision/lock-folder';
import { CommandFailed, requireCommand, runCommand } from '../provision/run-command';
import { tellProgress } from '../provision/tell-progress';
import { Problem } from '../settings/problem';
import { repositoryDir } from '../settings/repository';

const scripts = join(repositoryDir, 'web', 'scripts');
/** Two runs of one checkout share the build. */
const lockFile = join(repositoryDir, 'node_modules', '.cache', 'web-build.lock');
const shownLines = 20;

/** @throws Problem with the last lines of a build that failed */
export async function buildWeb(say: (line: string) => void, signal: AbortSignal): Promise<void> {
  if (await isWebBuilt(signal)) return;
  const onWait = (holder: string) => say(`web: waiting for another run that builds it (${holder})`);
  await withLock(lockFile, { signal, onWait }, async () => {
    if (await isWebBuilt(signal)) return;
    await tellProgress(say, 'web: building the web client (its sources have changed; about a minute)', () =>
      build(signal),
    );
    say('  web built');
  });
}

/** Whether there is a production build of the sources as they are now. */
export async function isWebBuilt(signal: AbortSignal): Promise<boolean> {
  const answer = await requireCommand([process.execPath, join(scripts, 'built-from.mjs')], { signal });
  return answer.stdout.trim() === 'same';
}

async function build(signal: AbortSignal): Promise<void> {
  const lines: string[] = [];
  const words = ['nice', '-n', '10', process.execPath, join(scripts, 'build.mjs')];
  const { code } = await runCommand(words, { signal, onLine: (line) => lines.push(line) }).catch((error: Error) => {
    if (error instanceof CommandFailed) throw new Problem(`The web client cannot be built: ${error.message}.`);
    throw error;
  });
  if (code === 0) return;
  const last = lines.filter((line) => line.trim() !== '').slice(-shownLines);
  throw new Problem(
    `The web client cannot be built (exit code ${code}): mend what the build says, then run make run again.\n${last.map((line) => `  ${line}`).join('\n')}`,
  );
}
