import { closeSync } from 'node:fs';
import type { Ending } from '../processes/keep-running';
import { type RecordedProcess, recordProcess } from '../processes/process-record';
import { startProcess } from '../processes/start-process';
import type { Provisioned } from '../provision';
import { openLog } from './logs';

export interface DaprRun {
  /** Leads the group of every sidecar, runner and app. */
  leader: RecordedProcess | undefined;
  ended: Promise<Ending>;
}

/** `dapr run -f`, in a process group of its own so that Ctrl-C in the terminal reaches only the launcher. */
export function startDapr(cli: Provisioned, runFile: string, logs: string, env: NodeJS.ProcessEnv): DaprRun {
  const log = openLog(logs, 'dapr');
  const { pid, ended } = startProcess(
    [...cli.command, 'run', '-f', runFile],
    { stdio: ['ignore', log, log], detached: true, env: { ...env, ...cli.env } },
    (error) => process.stderr.write(`dapr run: ${error.message}\n`),
  );
  closeSync(log);
  return { leader: recordProcess('dapr', pid), ended };
}
