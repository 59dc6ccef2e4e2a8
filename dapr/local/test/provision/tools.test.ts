import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectTool } from '../../src/provision/provision-tool.js';
import { DAPR_CLI_VERSION, DAPR_VERSION, NATS_VERSION, tools } from '../../src/provision/tools.js';
import { moduleFolder } from '../../src/provision/ways/build-with-go.js';
import { readJars, STAND_IN } from '../../src/provision/ways/run-mongo-stand-in.js';
import { archiveName } from '../../src/provision/ways/unpack-mongod.js';

const goMod = (module: string): string => readFileSync(join(moduleFolder(module), 'go.mod'), 'utf8');
const goSum = (module: string): string => readFileSync(join(moduleFolder(module), 'go.sum'), 'utf8');

describe('The Go modules', () => {
  test.each([
    ['daprd', 'github.com/dapr/dapr', DAPR_VERSION],
    ['cli', 'github.com/dapr/cli', DAPR_CLI_VERSION],
    ['nats', 'github.com/nats-io/nats-server/v2', NATS_VERSION],
  ])('pin in %s the version that the table names, by its checksum too', (module, path, version) => {
    expect(goMod(module)).toMatch(new RegExp(`^\\s*(require )?${path} v${version}$`, 'm'));
    expect(goSum(module)).toContain(`${path} v${version} h1:`);
    expect(goSum(module)).toContain(`${path} v${version}/go.mod h1:`);
  });

  test('replace by exact versions only, never by a folder of this machine', () => {
    const replacements = [...goMod('daprd').matchAll(/=> (.+)$/gm)].map((line) => line[1] ?? '');
    expect(replacements.length).toBeGreaterThan(0);
    for (const replacement of replacements) expect(replacement).toMatch(/^[\w.-]+\.\w+\/\S+ v\d\S+$/);
  });
});

test('The jars of the stand-in are those that its pom.xml asks for, each with a checksum', async () => {
  const jars = await readJars();
  const pom = readFileSync(join(STAND_IN, 'pom.xml'), 'utf8');
  const asked = [...pom.matchAll(/<artifactId>([^<]+)<\/artifactId>\s*<version>([\d.]+)<\/version>\s*<\/dependency>/g)];
  expect(asked.map((line) => `${line[1]}-${line[2]}.jar`)).toEqual([jars[0]?.path.split('/').at(-1)]);
  for (const jar of jars) expect(jar.sha256).toMatch(/^[0-9a-f]{64}$/);
});

describe('An installed tool', () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'tools-'));
    mkdirSync(join(home, '.dapr', 'bin'), { recursive: true });
    mkdirSync(join(home, 'bin'));
  });

  afterEach(() => rmSync(home, { recursive: true }));

  const install = (path: string, says: string): string => {
    const file = join(home, path);
    writeFileSync(file, `#!/bin/sh\necho '${says}'\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const found = async (tool: keyof typeof tools) => {
    const env = { HOME: home, PATH: join(home, 'bin') };
    const onlyInstalled = { ...tools[tool], ways: [] };
    return (await inspectTool(onlyInstalled, { cacheDir: join(home, 'cache'), env })).found;
  };

  test.each([
    ['daprd', '.dapr/bin/daprd', DAPR_VERSION, '1.17.9'],
    ['daprd', 'bin/daprd', '1.18.4', '1.19.0'],
    ['dapr', 'bin/dapr', 'CLI version: 1.17.0 \nRuntime version: n/a', 'CLI version: 1.15.1 \nRuntime version: 1.18.2'],
    ['redis-server', 'bin/redis-server', 'Redis server v=6.2.0 sha=00000000:0', 'Redis server v=5.0.14 sha=00000000:0'],
    ['redis-server', 'bin/valkey-server', 'Valkey server v=8.0.1 sha=00000000:0', 'Server v=6.0.0'],
    ['mongo', 'bin/mongod', 'db version v7.0.14', 'db version v3.6.23'],
    ['nats-server', 'bin/nats-server', 'nats-server: v2.10.0', 'nats-server: v2.9.25'],
  ] as const)('of %s (%s) is taken by its version alone', async (tool, path, right, wrong) => {
    const file = install(path, wrong);
    expect(await found(tool)).toBeUndefined();
    install(path, right);
    expect(await found(tool)).toMatchObject({ way: 'installed', command: [file] });
  });

  test.each(['placement', 'scheduler'] as const)(
    'of %s is taken beside a daprd of the right version only',
    async (tool) => {
      const file = install(`.dapr/bin/${tool}`, 'no version is told');
      expect(await found(tool)).toBeUndefined();
      install('.dapr/bin/daprd', '1.17.0');
      expect(await found(tool)).toBeUndefined();
      install('.dapr/bin/daprd', DAPR_VERSION);
      expect(await found(tool)).toMatchObject({ version: DAPR_VERSION, command: [file] });
    },
  );
});

test('Each tool is got by ways in the documented order', () => {
  const order = Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => [name, tool.ways.map((way) => way.name)]),
  );
  expect(order).toEqual({
    chromium: ['apt'],
    daprd: ['go build', 'download'],
    placement: ['go build', 'download'],
    scheduler: ['go build', 'download'],
    dapr: ['go build', 'download'],
    'redis-server': ['apt', 'docker'],
    mongo: ['download', 'docker', 'maven'],
    'nats-server': ['go build', 'download', 'docker'],
  });
});

test.each([
  ['linux', 'x64', 'ID=debian\nVERSION_ID="12"', 'mongodb-linux-x86_64-debian12-8.0.17.tgz'],
  ['linux', 'x64', 'ID=ubuntu\nVERSION_ID="24.04"', 'mongodb-linux-x86_64-ubuntu2404-8.0.17.tgz'],
  ['linux', 'arm64', 'ID=ubuntu\nVERSION_ID="22.04"', 'mongodb-linux-aarch64-ubuntu2204-8.0.17.tgz'],
  [
    'linux',
    'x64',
    'ID=rocky\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"',
    'mongodb-linux-x86_64-rhel93-8.0.17.tgz',
  ],
  [
    'linux',
    'x64',
    'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"',
    'mongodb-linux-x86_64-ubuntu2204-8.0.17.tgz',
  ],
  ['linux', 'x64', 'ID=alpine\nVERSION_ID=3.20', undefined],
  ['linux', 'riscv64', 'ID=debian\nVERSION_ID="13"', undefined],
  ['darwin', 'arm64', '', 'mongodb-macos-arm64-8.0.17.tgz'],
] as const)('MongoDB publishes for %s on %s (%j): %s', (platform, arch, osRelease, name) => {
  expect(archiveName({ platform, arch }, osRelease)).toBe(name);
});

test('On macOS the advice is a command of Homebrew', () => {
  const mac = { env: {}, platform: 'darwin', arch: 'arm64' } as const;
  expect(tools['redis-server'].advice(mac)).toBe('run `brew install redis`');
  expect(tools['nats-server'].advice(mac)).toBe('run `brew install nats-server`');
  expect(tools.mongo.advice(mac)).toContain('MONGO_URL');
});
