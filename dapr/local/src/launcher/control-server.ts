import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Ending } from '../processes/keep-running';
import type { RunnerMessage } from '../runner/control-messages';

export interface RunnerState {
  runnerPid: number;
  appPid: number;
  restarts: number;
  running: boolean;
}

export interface ControlServer {
  path: string;
  /** What each app's runner last said. */
  runners: Map<string, RunnerState>;
  close(): Promise<void>;
}

export interface ControlEvents {
  /** Five quick failures in a row. */
  onFailed(app: string, ending: Ending, lastLines: string[]): void;
  onEnded(app: string, ending: Ending, restartInMs: number): void;
  onRunning(app: string): void;
  /** A runner's connection closed: it ended, or was killed. */
  onGone(app: string): void;
}

/** Listens for the runners; see control-messages.ts. */
export async function startControlServer(runDir: string, events: ControlEvents): Promise<ControlServer> {
  const path = socketPath(runDir);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { force: true });
  const runners = new Map<string, RunnerState>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let app: string | undefined;
    createInterface({ input: socket }).on('line', (line) => {
      const message = JSON.parse(line) as RunnerMessage;
      app = message.app;
      note(runners, message);
      pass(message, events);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      if (app !== undefined) events.onGone(app);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return {
    path,
    runners,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(message: RunnerMessage, events: ControlEvents): void {
  const { app } = message;
  if (message.type === 'failed') events.onFailed(app, message.ending, message.lastLines);
  else if (message.type === 'ended') events.onEnded(app, message.ending, message.restartInMs);
  else events.onRunning(app);
}

function note(runners: Map<string, RunnerState>, message: RunnerMessage): void {
  if (message.type === 'running') {
    const { runnerPid, appPid, restarts } = message;
    runners.set(message.app, { runnerPid, appPid, restarts, running: true });
    return;
  }
  const state = runners.get(message.app);
  if (state) state.running = false;
}

/** A socket's path may have about 100 characters (104 on macOS): a long DATA_DIR gets one in the temporary folder. */
function socketPath(runDir: string): string {
  const path = join(runDir, 'control.sock');
  if (Buffer.byteLength(path) < 100) return path;
  const digest = createHash('sha256').update(runDir).digest('hex').slice(0, 12);
  return join(tmpdir(), `ticketing-${digest}`, 'control.sock');
}
