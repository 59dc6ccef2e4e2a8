// The runner as dapr.yaml starts it: a process of its own around an app of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ControlServer, startControlServer } from '../../src/launcher/control-server';
import type { Ending } from '../../src/processes/keep-running';
import { findProcess } from '../../src/processes/list-processes';
import { reloadSignal } from '../../src/runner/control-messages';
import { waitFor } from '../wait-for';

/** The words that run our command line from source. */
const runnerWords = [
  '--import',
  pathToFileURL(require.resolve('tsx')).href,
  join(__dirname, '..', '..', 'src', 'main.ts'),
  'runner',
  '--',
];

/** Appends its pid to `starts` once it can be told to end; on SIGTERM drains for a moment, says so, and ends. */
const steadyApp = `
const fs = require('node:fs');
process.on('SIGTERM', () => setTimeout(() => { fs.writeFileSync('drained', 'yes'); process.exit(0); }, 200));
fs.appendFileSync('starts', process.pid + '\\n');
console.log('serving');
setInterval(() => undefined, 1000);
`;

const failingApp = `
require('node:fs').appendFileSync('starts', process.pid + '\\n');
const starts = require('node:fs').readFileSync('starts', 'utf8').trim().split('\\n').length;
console.log('{"level":30,"msg":"all is well"}');
process.stdout.write('{"level":60,"msg":"' + starts + 'th start"}\\n', () => {
  console.error('no such moon');
  process.exit(3);
});
`;

describe('the runner', () => {
  let folder: string;
  let control: ControlServer;
  const failed: { app: string; ending: Ending; lastLines: string[] }[] = [];
  const ended: { app: string; ending: Ending }[] = [];
  const running: string[] = [];
  const gone: string[] = [];
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'runner-'));
    for (const told of [failed, ended, running]) told.length = 0;
    gone.length = 0;
    control = await startControlServer(folder, {
      onFailed: (app, ending, lastLines) => failed.push({ app, ending, lastLines }),
      onEnded: (app, ending) => ended.push({ app, ending }),
      onRunning: (app) => running.push(app),
      onGone: (app) => gone.push(app),
    });
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const pid of starts()) if (findProcess(pid)) process.kill(pid, 'SIGKILL');
    await control.close();
    rmSync(folder, { recursive: true });
  });

  const starts = () => {
    const file = join(folder, 'starts');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
  };

  const run = (app: string, launcher = true) => {
    writeFileSync(join(folder, 'app.js'), app);
    const { CONTROL_SOCKET: _socket, DATA_DIR: _dataDir, ...env } = process.env;
    const child = spawn(process.execPath, [...runnerWords, process.execPath, join(folder, 'app.js')], {
      cwd: folder,
      env: {
        ...env,
        APP_ID: 'orders',
        ...(launcher ? { CONTROL_SOCKET: control.path } : {}),
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout?.resume();
    children.push(child);
    return child;
  };

  test('drains the app on SIGTERM and ends well', async () => {
    const runner = run(steadyApp);
    await waitFor(() => starts().length === 1 && control.runners.has('orders'));
    runner.kill('SIGTERM');
    const [code] = await once(runner, 'exit');
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'drained'), 'utf8')).toBe('yes');
    expect(starts().filter((pid) => findProcess(pid))).toEqual([]);
    await waitFor(() => gone.includes('orders'));
    expect(failed).toEqual([]);
  });

  test('starts an app again that was killed, and says so', async () => {
    const runner = run(steadyApp);
    await waitFor(() => starts().length === 1);
    process.kill(starts()[0] ?? 0, 'SIGKILL');
    await waitFor(() => starts().length === 2);
    await waitFor(() => control.runners.get('orders')?.restarts === 1);
    expect(control.runners.get('orders')).toMatchObject({ runnerPid: runner.pid, appPid: starts()[1], running: true });
    expect(ended).toEqual([{ app: 'orders', ending: { code: null, signal: 'SIGKILL' } }]);
    expect(running).toEqual(['orders', 'orders']);
  });

  test('drains the app and starts it again when told that its code has changed', async () => {
    const runner = run(steadyApp);
    await waitFor(() => starts().length === 1 && control.runners.has('orders'));
    runner.kill(reloadSignal);
    await waitFor(() => starts().length === 2);
    expect(readFileSync(join(folder, 'drained'), 'utf8')).toBe('yes');
    await waitFor(() => running.length === 2);
    expect(ended).toEqual([]);
  });

  test('gives up after five quick failures, telling the launcher how it ended and what the last run said of it', async () => {
    const runner = run(failingApp);
    const [code] = await once(runner, 'exit');
    expect(code).toBe(1);
    expect(starts().length).toBe(5);
    await waitFor(() => failed.length === 1);
    expect(failed[0]).toEqual({
      app: 'orders',
      ending: { code: 3, signal: null },
      lastLines: ['{"level":60,"msg":"5th start"}', 'no such moon'],
    });
  });

  test('drains the app when the launcher has died', async () => {
    const runner = run(steadyApp);
    await waitFor(() => starts().length === 1 && control.runners.has('orders'));
    await control.close();
    const [code] = await once(runner, 'exit');
    expect(code).toBe(0);
    expect(existsSync(join(folder, 'drained'))).toBe(true);
  });

  test('that is killed outright leaves an app that drains itself', async () => {
    const child = run(steadyApp);
    await waitFor(() => starts().length === 1 && control.runners.has('orders'));
    child.kill('SIGKILL');
    await waitFor(() => existsSync(join(folder, 'drained')));
    await waitFor(() => findProcess(starts()[0] ?? 0) === undefined);
  });

  test('drains the app when dapr run, its parent, has died', async () => {
    // A parent that starts the runner and does nothing more.
    writeFileSync(join(folder, 'app.js'), steadyApp);
    const words = JSON.stringify([...runnerWords, process.execPath, 'app.js']);
    const script = `require('node:child_process').spawn(process.execPath, ${words}, { stdio: 'ignore' }); setInterval(() => undefined, 1000);`;
    const { CONTROL_SOCKET: _socket, DATA_DIR: _dataDir, ...env } = process.env;
    const parent = spawn(process.execPath, ['-e', script], {
      cwd: folder,
      env: { ...env, APP_ID: 'orders' },
      stdio: 'ignore',
    });
    children.push(parent);
    await waitFor(() => starts().length === 1);
    parent.kill('SIGKILL');
    await waitFor(() => existsSync(join(folder, 'drained')));
  });
});
