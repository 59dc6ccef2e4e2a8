/** The ways that lean on other programs, with those programs played by small scripts or a local repository. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../src/provision/find-program.js';
import { provisionTool } from '../../src/provision/provision-tool.js';
import { runCommand } from '../../src/provision/run-command.js';
import { tools } from '../../src/provision/tools.js';
import type { Machine, WayContext } from '../../src/provision/types.js';
import { buildArguments, buildWithGo, type GoProgram } from '../../src/provision/ways/build-with-go.js';
import { runInDocker } from '../../src/provision/ways/run-in-docker.js';
import { readJars, runMongoStandIn } from '../../src/provision/ways/run-mongo-stand-in.js';
import { waitFor } from '../wait-for.js';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ways-'));
  mkdirSync(join(home, 'bin'));
  mkdirSync(join(home, 'folder'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const script = (name: string, text: string): void => {
  writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(home, 'bin', name), 0o755);
};
const machine = (env: NodeJS.ProcessEnv = {}): Machine => ({
  env: { HOME: home, PATH: join(home, 'bin'), ...env },
  platform: 'linux',
  arch: 'x64',
});
const context = (env: NodeJS.ProcessEnv = {}): WayContext => ({
  ...machine(env),
  folder: join(home, 'folder'),
  progress: () => undefined,
  signal: new AbortController().signal,
});

describe('Building with Go', () => {
  const program: GoProgram = {
    name: 'nats-server',
    version: '2.15.2',
    module: 'nats',
    package: 'github.com/nats-io/nats-server/v2',
    ldflags: '-s -w',
    tags: 'some',
    duration: 'a while',
  };

  test.each([
    ['go1.26.8', 'local', true, 'Go 1.26.8'],
    ['go1.27', 'auto', true, 'Go 1.27'],
    ['go1.22.1', 'auto', true, 'Go 1.22.1, which will fetch Go 1.26.5'],
    ['go1.22.1', 'local', false, 'Go 1.22.1 is older than 1.26.5 and GOTOOLCHAIN=local forbids fetching that'],
    [
      'go1.20.14',
      '',
      false,
      'Go 1.20.14 is too old (1.26.5 is needed, and only Go 1.21 or later fetches it by itself)',
    ],
  ])('with %s and GOTOOLCHAIN=%s: %s', async (version, toolchain, possible, why) => {
    script('go', `echo ${version}; echo "${toolchain}"`);
    expect(await buildWithGo(program).possible(machine())).toEqual({ possible, why });
  });

  test('is not possible without Go', async () => {
    expect(await buildWithGo(program).possible(machine())).toEqual({ possible: false, why: 'Go is not installed' });
  });

  test('resolves nothing anew, and keeps what the compiler put where it was told', async () => {
    expect(buildArguments(program, '/out')).toEqual(
      expect.arrayContaining(['-mod=readonly', '-trimpath', '-tags', 'some']),
    );
    // The compiler's part: the word after -o is where the program goes.
    script('go', 'while [ "$1" != -o ]; do shift; done\necho "#!$CGO_ENABLED" > "$2"');
    const got = await buildWithGo(program).get(context());
    expect(got).toEqual({ version: '2.15.2', command: [join(home, 'folder', 'nats-server')] });
    expect(readFileSync(join(home, 'folder', 'nats-server'), 'utf8')).toBe('#!0\n');
  });

  test('fails with the last words of the compiler', async () => {
    script('go', 'echo "go: verifying module: checksum mismatch" >&2; exit 1');
    await expect(buildWithGo(program).get(context())).rejects.toThrow(
      /ended with 1: go: verifying module: checksum mismatch/,
    );
  });
});

describe('Docker', () => {
  const way = runInDocker({ name: 'redis', tag: '7.4', version: '7.4' });
  // An engine that answers, and keeps the images pulled as files.
  const engine =
    'case "$1 $2" in "version --format") echo 27.0;; "image inspect") test -e "$HOME/pulled";; "pull --quiet") : > "$HOME/pulled";; esac';

  test('is possible only when an engine answers', async () => {
    expect(await way.possible(machine())).toEqual({ possible: false, why: 'Docker is not installed' });
    script('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    expect(await way.possible(machine())).toEqual({ possible: false, why: 'no Docker engine answers' });
    script('docker', engine);
    expect(await way.possible(machine())).toEqual({ possible: true, why: 'Docker 27.0' });
  });

  test('pulls the image once, and a cached container is not trusted when its image is gone', async () => {
    script('docker', engine);
    const redis = { ...tools['redis-server'], ways: [way], async *installed() {} };
    const options = { cacheDir: join(home, 'cache'), env: machine().env, progress: () => undefined };
    const first = await provisionTool(redis, options);
    expect(first).toMatchObject({
      way: 'docker',
      command: [join(home, 'bin', 'docker'), 'run', '--rm'],
      container: { image: 'redis:7.4' },
    });
    expect((await provisionTool(redis, options)).way).toBe('cache');
    rmSync(join(home, 'pulled'));
    expect((await provisionTool(redis, options)).way).toBe('docker');
    expect(existsSync(join(home, 'pulled'))).toBe(true);
  });

  test('fails when the image cannot be pulled', async () => {
    script('docker', 'case "$1" in pull) echo "no such host" >&2; exit 1;; image) exit 1;; esac');
    await expect(way.get(context())).rejects.toThrow(/no such host/);
  });
});

describe('The jars of the stand-in', () => {
  let repository: Server;
  let address: string;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    repository = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('not the pinned jar');
    });
    await new Promise<void>((resolve) => repository.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(repository.address() as AddressInfo).port}/maven2`;
  });

  afterEach(async () => {
    repository.closeAllConnections();
    await new Promise((resolve) => repository.close(resolve));
  });

  const jdk =
    'case "$1" in -version) echo "openjdk version \\"21.0.1\\"" >&2;; --list-modules) echo java.base@21; echo jdk.compiler@21;; esac';

  test.each([
    ['no Java', undefined, {}, 'Java is not installed'],
    ['an old Java', 'echo "openjdk version \\"11.0.2\\"" >&2', {}, 'Java 11: 17 or later is needed'],
    [
      'a Java without a compiler',
      'case "$1" in -version) echo "openjdk version \\"21\\"" >&2;; esac',
      {},
      'Java 21 has no compiler: a JDK is needed',
    ],
    ['no Maven', jdk, {}, 'Maven is not installed and MAVEN_REPO_URL names no Maven repository'],
  ])('cannot be used with %s', async (_what, java, env, why) => {
    if (java) script('java', java);
    expect(await runMongoStandIn.possible(machine(env))).toEqual({ possible: false, why });
  });

  test('are asked of MAVEN_REPO_URL, and one that is not the pinned one is refused', async () => {
    script('java', jdk);
    const env = { MAVEN_REPO_URL: `${address}/` };
    expect(await runMongoStandIn.possible(machine(env))).toEqual({
      possible: true,
      why: `Java 21, jars from ${address}/`,
    });
    const [first] = await readJars();
    await expect(runMongoStandIn.get(context(env))).rejects.toThrow(`${address}/${first?.path} has checksum`);
    expect(asked).toEqual([`/maven2/${first?.path}`]);
  });

  test('that Maven brings are checked too', async () => {
    script('java', jdk);
    // A Maven that leaves forged jars in the folder it is told.
    const names = (await readJars()).map((jar) => jar.path.split('/').at(-1)).join(' ');
    script(
      'mvn',
      `for word; do case "$word" in -DoutputDirectory=*) cd "\${word#*=}";; esac; done; for jar in ${names}; do echo forged > $jar; done`,
    );
    await expect(runMongoStandIn.get(context())).rejects.toThrow(/^mongo-java-server-core-1\.47\.0\.jar has checksum/);
  });
});

test('When a command is stopped, then what it had started ends with it', async () => {
  const sleep = await findProgram('sleep', { env: process.env, platform: process.platform, arch: process.arch });
  symlinkSync(sleep ?? '', join(home, 'bin', 'sleep'));
  script('parent', `sleep 600 & echo $! > "$HOME/child"; wait`);
  const stop = new AbortController();
  const command = runCommand([join(home, 'bin', 'parent')], { env: machine().env, signal: stop.signal });
  await waitFor(() => existsSync(join(home, 'child')) && readFileSync(join(home, 'child'), 'utf8').endsWith('\n'));
  const child = Number(readFileSync(join(home, 'child'), 'utf8'));
  stop.abort(new Error('stopped by the user'));
  await expect(command).rejects.toThrow('stopped by the user');
  await waitFor(() => isGone(child));
});

/** A zombie that nobody has reaped counts as gone. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  const status = `/proc/${pid}/stat`;
  return existsSync(status) && / Z /.test(readFileSync(status, 'utf8'));
}
