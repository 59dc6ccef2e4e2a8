// The runner: `dapr run` restarts nothing that died and kills its children outright, so each app runs under this. It
// starts the app, starts it again when it dies, and on SIGTERM or SIGINT, or when whoever started it has died, asks
// the app to finish what it has in hand and waits for that.
import { connect, type Socket } from 'node:net';
import { describeEnding } from '../processes/describe-ending';
import { type Ending, keepRunning } from '../processes/keep-running';
import { startProcess } from '../processes/start-process';
import { LinesOfARun } from '../processes/telling-lines';
import { encodeMessage, type RunnerMessage, reloadSignal } from './control-messages';
import { endLeftovers } from './end-leftovers';
import { relayLines } from './relay-lines';

const drainMs = 10_000;
const parentLookMs = 1_000;

/** @param words the app's command @returns the exit code: 1 when the app failed for good */
export async function runApp(words: string[], env = process.env): Promise<number> {
  const app = env.APP_ID ?? words.join(' ');
  const lines = new LinesOfARun();
  let lastEnding: Ending = { code: null, signal: null };
  const launcher = env.CONTROL_SOCKET ? connect(env.CONTROL_SOCKET) : undefined;
  const tell = (message: RunnerMessage) => void (launcher?.writable && launcher.write(encodeMessage(message)));
  const say = (text: string) => void process.stdout.write(`runner: ${text}\n`);

  const kept = keepRunning({
    start() {
      lines.begin();
      const started = startProcess(withWatch(words), { stdio: ['ignore', 'pipe', 'pipe'] }, (error) =>
        lines.see(error.message, 'stderr'),
      );
      const { stdout, stderr } = started.child;
      if (stdout) relayLines(stdout, process.stdout, (line) => lines.see(line, 'stdout'));
      if (stderr) relayLines(stderr, process.stderr, (line) => lines.see(line, 'stderr'));
      return started;
    },
    onStarted: ({ pid }, restarts) => tell({ type: 'running', app, runnerPid: process.pid, appPid: pid, restarts }),
    onEnded(ending, restartInMs) {
      lastEnding = ending;
      const next = restartInMs === undefined ? '' : `, starting it again in ${restartInMs} ms`;
      say(`${app} ${describeEnding(ending)}${next}`);
      if (restartInMs !== undefined) tell({ type: 'ended', app, ending, restartInMs });
    },
  });

  process.on(reloadSignal, () => kept.restart(drainMs));
  const reasons = [signalled(), orphaned(), ...(launcher ? [disconnected(launcher)] : [])];
  const reason = await Promise.race([...reasons, kept.outcome]);
  if (reason === 'failed') {
    tell({ type: 'failed', app, ending: lastEnding, lastLines: lines.telling() });
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
