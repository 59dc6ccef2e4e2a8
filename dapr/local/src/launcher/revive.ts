// `dapr run` starts sidecars and runners once and lets them lie when they die: a kill -9, the machine short of memory,
// a sidecar that lost its broker for good. What dies is started again here, with the same words and environment, as
// many times as it takes unless it keeps failing at once.
import { closeSync, openSync } from 'node:fs';
import { endGroup, killGroup, sendSignal } from '../processes/end-group';
import { type Ending, type Kept, keepRunning } from '../processes/keep-running';
import { isAlive, membersOf, type RecordedProcess, recordProcess } from '../processes/process-record';
import { startProcess } from '../processes/start-process';
import type { RunFile, RunFileApp } from '../render/run-file';
import type { RunnerState } from './control-server';
import { findLog } from './logs';
import { appEnvironment, sidecarWords } from './sidecar-words';

const lookEveryMs = 1_000;

export interface Reviving {
  dapr: RecordedProcess;
  runFile: RunFile;
  logs: string;
  /** What the runners have said so far: an app that runs has had a sidecar. */
  runners: Map<string, RunnerState>;
  /** What `dapr run` was given. */
  env: NodeJS.ProcessEnv;
  say(line: string): void;
  /** Whoever started it, it was not this: how it ended cannot be told. */
  onDied(name: string): void;
  onFailed(name: string, ending: Ending): void;
  onEnded(name: string, ending: Ending, restartInMs: number): void;
  onStarted(name: string): void;
}

export interface Reviver {
  /** To be told when a runner's connection closed. */
  runnerGone(app: string, state: RunnerState): void;
  /** Leaders of what was started again, to be recorded. */
  leaders(): RecordedProcess[];
  stopRunners(graceMs: number): Promise<void>;
  stopSidecars(graceMs: number): Promise<void>;
}

interface Revived {
  kept: Kept;
  leader(): RecordedProcess | undefined;
}

export function reviveWhatDies(reviving: Reviving): Reviver {
  const { dapr, runFile, logs, runners, env, say, onDied, onFailed, onEnded, onStarted } = reviving;
  const revived = new Map<string, Revived>();
  const sidecars = new Map<string, RecordedProcess>();

  const look = setInterval(() => {
    const running = runFile.apps.filter(({ appID }) => runners.has(appID) && !revived.has(`${appID}.daprd`));
    if (running.some(({ appID }) => !sidecars.has(appID))) {
      for (const [app, sidecar] of findSidecars(dapr, runFile)) sidecars.set(app, sidecar);
    }
    for (const app of running) {
      const sidecar = sidecars.get(app.appID);
      if (!sidecar || !isAlive(sidecar)) revive(`${app.appID}.daprd`, sidecarWords(runFile, app), app, env);
    }
  }, lookEveryMs);

  function revive(name: string, words: string[], app: RunFileApp, environment: NodeJS.ProcessEnv): void {
    onDied(name);
    let leader: RecordedProcess | undefined;
    revived.set(name, {
      leader: () => leader,
      kept: keepRunning({
        start() {
          // An app whose runner was killed would hold the port that the next one needs.
          if (leader) killGroup(leader);
          const log = openSync(findLog(logs, name.replace('.runner', '')) ?? '/dev/null', 'a');
          try {
            return startProcess(
              words,
              { cwd: app.appDirPath, env: environment, detached: true, stdio: ['ignore', log, log] },
              (error) => say(`${name}: ${error.message}`),
            );
          } finally {
            closeSync(log);
          }
        },
        onStarted({ pid }) {
          leader = recordProcess(name, pid);
          // In the next turn, when it is in the list that is recorded.
          queueMicrotask(() => onStarted(name));
        },
        onEnded(ending, restartInMs) {
          if (restartInMs === undefined) onFailed(name, ending);
          else onEnded(name, ending, restartInMs);
        },
      }),
    });
  }

  return {
    runnerGone(appId, { appPid }) {
      const app = runFile.apps.find(({ appID }) => appID === appId);
      const name = `${appId}.runner`;
      if (!app || revived.has(name)) return;
      if (membersOf(dapr).some(({ pid }) => pid === appPid)) sendSignal(appPid, 'SIGKILL');
      revive(name, app.command, app, { ...env, ...appEnvironment(runFile, app) });
    },
    leaders: () => [...revived.values()].flatMap(({ leader }) => leader() ?? []),
    async stopRunners(graceMs) {
      clearInterval(look);
      await stop((name) => name.endsWith('.runner'), graceMs);
    },
    stopSidecars: (graceMs) => stop((name) => name.endsWith('.daprd'), graceMs),
  };

  async function stop(which: (name: string) => boolean, graceMs: number): Promise<void> {
    const chosen = [...revived].filter(([name]) => which(name));
    await Promise.all(
      chosen.map(async ([, { kept, leader }]) => {
        await kept.stop(graceMs);
        const left = leader();
        if (left) await endGroup(left, 0);
      }),
    );
  }
}

function findSidecars(dapr: RecordedProcess, { apps }: RunFile): [string, RecordedProcess][] {
  const members = membersOf(dapr).filter(({ command }) => /\bdaprd --/.test(command));
  return apps.flatMap(({ appID }): [string, RecordedProcess][] => {
    const entry = members.find(({ command }) => command.includes(` --app-id ${appID} `));
    return entry ? [[appID, { name: `${appID}.daprd`, pid: entry.pid, startedAt: entry.startedAt }]] : [];
  });
}
