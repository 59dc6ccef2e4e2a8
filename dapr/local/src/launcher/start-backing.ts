// Starts Redis and the like, each kept running and in a process group of its own, and waits until all answer.
import { closeSync } from 'node:fs';
import { endGroup } from '../processes/end-group';
import { type Ending, type Kept, keepRunning } from '../processes/keep-running';
import { type RecordedProcess, recordProcess } from '../processes/process-record';
import { startProcess } from '../processes/start-process';
import type { Provisioned } from '../provision';
import { Problem } from '../settings/problem';
import type { BackingProgram } from './backing-programs';
import { openLog } from './logs';
import { accepts, answersOk, waitUntil } from './wait-until';

export interface StartedBacking {
  program: BackingProgram;
  kept: Kept;
  /** The process as recorded when it was last started. */
  leader: RecordedProcess | undefined;
  stop(graceMs: number): Promise<void>;
}

export interface BackingEvents {
  /** Called at each start, so that it can be recorded. */
  onStarted(name: string): void;
  onRestarting(name: string, ending: Ending, inMs: number): void;
  onFailed(name: string, ending: Ending): void;
  /** It could not be started at all. */
  onFault(name: string, error: Error): void;
}

export function startBacking(
  program: BackingProgram,
  tool: Provisioned,
  logs: string,
  events: BackingEvents,
): StartedBacking {
  const words = program.words(tool);
  const started: StartedBacking = {
    program,
    leader: undefined,
    kept: keepRunning({
      start() {
        const log = openLog(logs, program.name);
        try {
          return startProcess(
            words,
            { stdio: ['ignore', log, log], detached: true, env: { ...process.env, ...tool.env } },
            (error) => events.onFault(program.name, error),
          );
        } finally {
          closeSync(log);
        }
      },
      onStarted({ pid }) {
        // Told in the next turn: this one is still building `started`.
        queueMicrotask(() => {
          started.leader = recordProcess(program.name, pid);
          events.onStarted(program.name);
        });
      },
      onEnded(ending, restartInMs) {
        if (restartInMs === undefined) events.onFailed(program.name, ending);
        else events.onRestarting(program.name, ending, restartInMs);
      },
    }),
    async stop(graceMs) {
      const { leader } = started;
      await started.kept.stop(graceMs);
      // What it started itself, if anything, is in its group.
      if (leader) await endGroup(leader, 0);
    },
  };
  return started;
}

const answerWithinMs = 60_000;

/** @throws Problem naming the program that did not come up and its log */
export async function waitForBacking({ program }: StartedBacking, signal: AbortSignal): Promise<void> {
  const { name, port } = program;
  const up = await waitUntil(() => backingAnswers(program), answerWithinMs, signal);
  if (!up)
    throw new Problem(
      `${name} did not answer on port ${port} within ${answerWithinMs / 1_000} s: see its log with make logs SERVICE=${name}.`,
    );
}

export const backingAnswers = ({ port, healthUrl }: BackingProgram): Promise<boolean> =>
  healthUrl ? answersOk(healthUrl) : accepts(port);
