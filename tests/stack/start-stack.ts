// Starts the marketplace as a person would (`make run`'s own program), on ports and in a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ports, portsFrom } from '../../dapr/local/src/ports';

const repository = join(__dirname, '../..');
const program = join(repository, 'dapr/local/dist/main.js');

export interface StackOptions {
  /** The first of a hundred ports; tried in steps of a hundred until one hundred is free. */
  portBase: number;
  env?: Record<string, string>;
  /** Kept over restarts when given; otherwise made, and removed at the stop. */
  dataDir?: string;
  /** First provisioning may build daprd. */
  readyWithinMs?: number;
}

export interface Stack {
  url: string;
  ports: Ports;
  dataDir: string;
  pid: number;
  /** What it printed so far. */
  output(): string;
  /** Resolves with the exit code. Default: SIGTERM, as Ctrl-C would. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export async function startStack({
  portBase,
  env = {},
  dataDir,
  readyWithinMs = 1_500_000,
}: StackOptions): Promise<Stack> {
  const base = await freeBase(portBase);
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'ticketing-stack-'));
  const port = base + 90;
  const child = spawn(process.execPath, [program, 'run'], {
    cwd: repository,
    env: { ...process.env, PORT: String(port), PORT_BASE: String(base), DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await ready(child, () => output, ended, readyWithinMs);
  return {
    url: `http://localhost:${port}`,
    ports: portsFrom(base),
    dataDir: folder,
    pid: child.pid ?? 0,
    output: () => output,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const code = await ended;
      if (dataDir === undefined && signal !== 'SIGKILL') rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

async function ready(
  child: ChildProcess,
  output: () => string,
  ended: Promise<number | null>,
  withinMs: number,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const printed = new Promise<'ready'>((resolve) => {
    child.stdout?.on('data', () => {
      if (/^Ready: /m.test(output())) resolve('ready');
    });
  });
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), withinMs);
  });
  const outcome = await Promise.race([printed, late, ended.then(() => 'ended' as const)]).finally(() =>
    clearTimeout(timer),
  );
  if (outcome === 'ready') return;
  child.kill('SIGTERM');
  throw new Error(`the stack did not become ready (${outcome}):\n${output()}`);
}

/** The first base at or after `from` whose first port nobody listens on: two checkouts may test at the same time. */
async function freeBase(from: number): Promise<number> {
  for (let base = from; base < from + 1_000; base += 100) {
    const taken = await Promise.all([base + 1, base + 50, base + 90].map(isTaken));
    if (!taken.includes(true)) return base;
  }
  throw new Error(`no free hundred of ports between ${from} and ${from + 1_000}`);
}

const isTaken = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
