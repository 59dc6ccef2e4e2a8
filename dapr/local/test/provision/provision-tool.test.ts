import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspectTool, NotProvisioned, provisionTool } from '../../src/provision/provision-tool.js';
import type { Tool, Way } from '../../src/provision/types.js';
import { waitFor } from '../wait-for.js';

let cacheDir: string;
let lines: string[];
const progress = (line: string): void => {
  lines.push(line);
};

beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'provision-'));
  lines = [];
});

afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

const works = (name: string): Way => ({
  name,
  possible: async () => ({ possible: true, why: 'always' }),
  async get({ folder }) {
    const program = join(folder, 'program');
    writeFileSync(program, `#!/bin/sh\necho ${name}\n`, { mode: 0o755 });
    return { version: '1.2.3', command: [program] };
  },
});

const impossible = (name: string, why: string): Way => ({
  ...works(name),
  possible: async () => ({ possible: false, why }),
  get: () => Promise.reject(new Error('must not be tried')),
});

const fails = (name: string, message: string): Way => ({
  ...works(name),
  async get({ folder }) {
    writeFileSync(join(folder, 'leftover'), 'half');
    throw new Error(message);
  },
});

const tool = (ways: Way[], installed: { command: string[]; version: string }[] = []): Tool => ({
  name: 'redis-server',
  version: '1.2.3',
  wanted: '1.2 or later',
  accepts: (version) => version >= '1.2',
  async *installed() {
    yield* installed;
  },
  ways,
  advice: () => 'run `brew install redis`',
});

describe('When a tool is asked for', () => {
  test('then an installed one of the right version is taken, and those of the wrong version are named and left', async () => {
    const found = await provisionTool(
      tool(
        [works('first')],
        [
          { command: ['/old/redis-server'], version: '1.1.9' },
          { command: ['/new/redis-server'], version: '1.3.0' },
        ],
      ),
      { cacheDir, progress },
    );
    expect(found).toEqual({ name: 'redis-server', version: '1.3.0', way: 'installed', command: ['/new/redis-server'] });
    expect(lines).toEqual(['redis-server: /old/redis-server is version 1.1.9, not 1.2 or later: not taken']);
  });

  test('then its ways are tried in order, each saying why it was passed over, and what failed leaves nothing', async () => {
    const ways = [
      impossible('go build', 'Go is not installed'),
      fails('download', 'the host is away'),
      works('apt'),
      works('docker'),
    ];
    const got = await provisionTool(tool(ways), { cacheDir, progress });
    expect(got.way).toBe('apt');
    expect(execFileSync(got.command[0] ?? '').toString()).toBe('apt\n');
    expect(lines).toEqual([
      'redis-server: not by go build: Go is not installed',
      'redis-server: download did not work: the host is away',
      'redis-server 1.2.3: ready (apt)',
    ]);
    expect(existsSync(join(got.command[0] ?? '', '..', 'leftover'))).toBe(false);
  });

  test('then the second time it comes from the cache, with nothing said and nothing done', async () => {
    const first = await provisionTool(tool([works('first')]), { cacheDir, progress });
    lines = [];
    const second = await provisionTool(tool([fails('first', 'must not be tried')]), { cacheDir, progress });
    expect(second).toEqual({ ...first, way: 'cache' });
    expect(lines).toEqual([]);
  });

  test('and no way works, then one sentence names the tool, each reason, and what to do', async () => {
    const ways = [impossible('apt', 'this system has no apt-get'), fails('docker', 'the image is away')];
    const attempt = provisionTool(tool(ways), { cacheDir, progress });
    await expect(attempt).rejects.toThrow(NotProvisioned);
    await expect(attempt).rejects.toThrow(
      'redis-server (1.2 or later) is needed and could not be got (apt: this system has no apt-get; docker: the image is away): run `brew install redis`.',
    );
  });

  test('and the cache folder cannot be written, then that is said', async () => {
    writeFileSync(join(cacheDir, 'file'), '');
    const attempt = provisionTool(tool([works('first')]), { cacheDir: join(cacheDir, 'file', 'cache'), progress });
    await expect(attempt).rejects.toThrow(/redis-server cannot be kept in .*TICKETING_CACHE/);
  });

  test('and the run is stopped during a way, then no other way is tried', async () => {
    const stop = new AbortController();
    const hangs: Way = {
      ...works('slow'),
      get: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('gone')));
          stop.abort(new Error('stopped by the user'));
        }),
    };
    const attempt = provisionTool(tool([hangs, works('second')]), { cacheDir, progress, signal: stop.signal });
    await expect(attempt).rejects.toThrow('stopped by the user');
    expect(existsSync(join(cacheDir, 'locks', 'redis-server.lock'))).toBe(false);
  });
});

describe('When what is cached is not as it was left', () => {
  const damage: [string, (program: string) => void][] = [
    ['a file was cut short', (program) => truncateSync(program, 3)],
    ['a file is gone', (program) => rmSync(program)],
    ['a program cannot be run', (program) => chmodSync(program, 0o644)],
    ['the marker is gone', (program) => rmSync(join(program, '..', 'complete.json'))],
    ['the marker is damaged', (program) => writeFileSync(join(program, '..', 'complete.json'), '{"tool":')],
    [
      'the marker was edited',
      (program) => {
        const marker = join(program, '..', 'complete.json');
        writeFileSync(marker, readFileSync(marker, 'utf8').replace('1.2.3', '9.9.9'));
      },
    ],
  ];
  test.each(damage)('because %s, then it is got again', async (_what, spoil) => {
    const first = await provisionTool(tool([works('first')]), { cacheDir, progress });
    spoil(first.command[0] ?? '');
    const second = await provisionTool(tool([works('second')]), { cacheDir, progress });
    expect(second.way).toBe('second');
    expect(execFileSync(second.command[0] ?? '').toString()).toBe('second\n');
  });
});

describe('When several processes want a tool', () => {
  const children: ChildProcess[] = [];
  const start = (gate: string): { child: ChildProcess; output: () => string; ended: Promise<number | null> } => {
    const child = spawn(process.execPath, [
      '--import',
      'tsx',
      resolve(__dirname, 'fixtures/slow-tool.ts'),
      cacheDir,
      gate,
    ]);
    children.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk));
    return { child, output: () => text, ended: new Promise((done) => child.once('exit', done)) };
  };
  const attempts = (): number => {
    const file = join(cacheDir, 'attempts');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
  };

  afterEach(() => {
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  });

  test('then one gets it, and the other waits and takes what it got', async () => {
    const gate = join(cacheDir, 'gate');
    const runs = [start(gate), start(gate)];
    await waitFor(() => runs.some((run) => run.output().includes('waiting for another run')));
    mkdirSync(gate);
    expect(await Promise.all(runs.map((run) => run.ended))).toEqual([0, 0]);
    expect(attempts()).toBe(1);
    const answers = runs.map((run) => JSON.parse(run.output().trim().split('\n').at(-1) ?? ''));
    expect(answers.map((answer) => answer.way).sort()).toEqual(['cache', 'slow']);
    expect(answers[0].command).toEqual(answers[1].command);
    expect(execFileSync(answers[0].command[0]).toString()).toBe('whole\n');
  }, 30_000);

  test('and the first is killed in the middle, then the next breaks its lock and does it whole', async () => {
    const gate = join(cacheDir, 'gate');
    const killed = start(gate);
    await waitFor(() => attempts() === 1);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(existsSync(join(cacheDir, 'locks', 'daprd.lock'))).toBe(true);
    mkdirSync(gate);
    const next = start(gate);
    expect(await next.ended).toBe(0);
    expect(attempts()).toBe(2);
    const { way, command } = JSON.parse(next.output().trim().split('\n').at(-1) ?? '');
    expect(way).toBe('slow');
    expect(execFileSync(command[0]).toString()).toBe('whole\n');
  }, 30_000);
});

test('When a tool is inspected, then its ways are told and nothing is made', async () => {
  const ways = [impossible('go build', 'Go is not installed'), works('download')];
  const inspection = await inspectTool(tool(ways), { cacheDir: join(cacheDir, 'untouched') });
  expect(inspection).toEqual({
    name: 'redis-server',
    wanted: '1.2 or later',
    ways: [
      { way: 'go build', possible: false, why: 'Go is not installed' },
      { way: 'download', possible: true, why: 'always' },
    ],
  });
  expect(existsSync(join(cacheDir, 'untouched'))).toBe(false);
});
