// One MongoDB server for a run of the tests; every test file makes a database of its own on it (testDatabase).
// Taken from TEST_MONGO_URL or MONGO_URL when one is set, else whatever provisioning finds: a mongod, or the stand-in.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongoCommand, provision } from '../../dapr/local/src/provision/index.js';
import { freePort } from './free-port.js';

interface RunningMongo {
  child: ChildProcess;
  dataDir: string;
}

// Setup and teardown are loaded apart from each other; what one started, the other finds here.
const shared = globalThis as { ticketingTestMongo?: RunningMongo };

/** Does not wait until the server answers: that takes a second, in which tests without a database already run. */
export async function startTestMongo(): Promise<void> {
  const given = process.env.TEST_MONGO_URL ?? process.env.MONGO_URL;
  if (given) {
    process.env.TEST_MONGO_URL = given;
    return;
  }
  const tool = await provision('mongo', { progress: (line) => process.stderr.write(`${line}\n`) });
  const port = await freePort();
  const dataDir = mkdtempSync(join(tmpdir(), 'ticketing-test-mongo-'));
  const [program = '', ...args] = mongoCommand(tool, {
    port,
    dataDir,
    containerName: `ticketing-test-mongo-${port}`,
    parentPid: process.pid,
  });
  const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...tool.env } });
  process.once('exit', () => {
    child.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });
  shared.ticketingTestMongo = { child, dataDir };
  process.env.TEST_MONGO_URL = `mongodb://127.0.0.1:${port}`;
}

export async function stopTestMongo(): Promise<void> {
  const running = shared.ticketingTestMongo;
  if (!running) return;
  const { child, dataDir } = running;
  if (child.exitCode === null) {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
  }
  rmSync(dataDir, { recursive: true, force: true });
}
