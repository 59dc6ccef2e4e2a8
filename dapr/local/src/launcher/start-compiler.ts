// `make dev`: the compiler, which watches the sources of all services.

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endGroup } from '../processes/end-group';
import { keepRunning } from '../processes/keep-running';
import { type RecordedProcess, recordProcess } from '../processes/process-record';
import { startProcess } from '../processes/start-process';
import { repositoryDir } from '../settings/repository';

export interface Compiler {
  leader(): RecordedProcess | undefined;
  stop(): Promise<void>;
}

const graceMs = 1_000;
const words = [
  join(repositoryDir, 'node_modules', 'typescript', 'bin', 'tsc'),
  '-b',
  '--watch',
  '--preserveWatchOutput',
];

export function startCompiler(say: (line: string) => void, onStarted: () => void): Compiler {
  let leader: RecordedProcess | undefined;
  const kept = keepRunning({
    start() {
      const started = startProcess(
        [process.execPath, ...words, '--pretty', 'false'],
        { cwd: repositoryDir, detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
        (error) => say(`tsc: ${error.message}`),
      );
      if (started.child.stdout) {
        createInterface({ input: started.child.stdout }).on('line', (line) => {
          if (line.trim() !== '') say(`tsc: ${line}`);
        });
      }
      return started;
    },
    onStarted({ pid }) {
      leader = recordProcess('tsc', pid);
      queueMicrotask(onStarted);
    },
    onEnded: (_ending, restartInMs) =>
      say(
        restartInMs === undefined
          ? 'tsc keeps failing: changes are not compiled any more.'
          : 'tsc ended, starting it again.',
      ),
  });
  return {
    leader: () => leader,
    async stop() {
      await kept.stop(graceMs);
      if (leader) await endGroup(leader, 0);
    },
  };
}
