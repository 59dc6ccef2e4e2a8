// The runner: `dapr run` restarts nothing that died and kills its children outright, so each app runs under this. It
// starts the app, starts it again when it dies, and on SIGTERM or SIGINT, or when whoever started it has died, asks
// the app to finish what it has in hand and waits for that.
import { connect, type Socket } from 'node:net';
import { keepRunning } from '../processes/keep-running';
import { startProcess } from '../processes/start-process';
import { encodeMessage, type RunnerMessage } from './control-messages';
import { endLeftovers } from './end-leftovers';
import { relayLines } from './relay-lines';

const drainMs = 10_000;
const keptLines = 20;
const parentLookMs = 1_000;

/** @param words the app's command @returns the exit code: 1 when the app failed for good */
export async function runApp(words: string[], env = process.env): Promise<number> {
  const app = env.APP_ID ?? words.join(' ');
  const lastLines: string[] = [];
  const launcher = env.CONTROL_SOCKET ? connect(env.CONTROL_SOCKET) : undefined;
  const tell = (message: RunnerMessage) => void (launcher?.writable && launcher.write(encodeMessage(message)));
  const say = (text: string) => void process.stdout.write(`runner: ${text}\n`);
  const remember = (line: string) => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
  };

  const kept = keepRunning({
    start() {
      const started = startProcess(withWatch(words), { stdio: ['ignore', 'pipe', 'pipe'] }, (error) =>
        remember(error.message),
      );
      if (started.child.stdout) relayLines(started.child.stdout, process.stdout, remember);
      if (started.child.stderr) relayLines(started.child.stderr, process.stderr, remember);
      return started;
    },
    onStarted: ({ pid }, restarts) => tell({ type: 'running', app, runnerPid: process.pid, appPid: pid, restarts }),
    onEnded({ code, signal }, restartInMs) {
      say(
        `${app} ended (${signal ?? code})${restartInMs === undefined ? '' : `, starting it again in ${restartInMs} ms`}`,
      );
      tell({ type: 'ended', app, code, signal });
    },
  });

  const reasons = [signalled(), orphaned(), ...(launcher ? [disconnected(launcher)] : [])];
  const reason = await Promise.race([...reasons, kept.outcome]);
  if (reason === 'failed') {
    tell({ type: 'failed', app, lastLines });
    await new Promise<void>((resolve) => (launcher ? launcher.end(resolve) : resolve()));
    return 1;
  }
  await kept.stop(drainMs);
  if (reason === 'launcher died') endLeftovers(env);
  launcher?.destroy();
  return 0;
}

/** A Node app also watches for the death of this runner. */
function withWatch([program = '', ...rest]: string[]): string[] {
  const isNode = program === 'node' || program === process.execPath;
  return isNode ? [program, '--require', require.resolve('./watch-parent'), ...rest] : [program, ...rest];
}

const signalled = () =>
  new Promise<'signalled'>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve('signalled'));
  });

/** A process whose parent died gets another one. */
const orphaned = () =>
  new Promise<'orphaned'>((resolve) => {
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && resolve('orphaned'), parentLookMs).unref();
  });

const disconnected = (launcher: Socket) =>
  new Promise<'launcher died'>((resolve) => {
    launcher.on('error', () => undefined);
    launcher.on('close', () => resolve('launcher died'));
  });
