import type { Ending } from '../processes/keep-running';

// What runners tell the launcher, one JSON object a line, over a socket whose path they get as CONTROL_SOCKET. The
// connection itself says the rest: when it closes, the other side has died.
export type RunnerMessage =
  | { type: 'running'; app: string; runnerPid: number; appPid: number; restarts: number }
  | { type: 'ended'; app: string; ending: Ending; restartInMs: number }
  | { type: 'failed'; app: string; ending: Ending; lastLines: string[] };

export const encodeMessage = (message: RunnerMessage) => `${JSON.stringify(message)}\n`;

/** The one thing that the launcher asks of a runner: to drain its app and start it again, when its code has changed. */
export const reloadSignal = 'SIGUSR2';
