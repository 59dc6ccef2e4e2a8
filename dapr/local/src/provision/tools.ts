/** Every tool as data: the version, how an installed one is known, and the ways to get one, best first. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { atLeast, sameLine } from './compare-versions.js';
import { askVersion, findPrograms } from './find-program.js';
import type { Machine, Tool, ToolName } from './types.js';
import { buildWithGo, type GoProgram } from './ways/build-with-go.js';
import { downloadRelease, type Release } from './ways/download-release.js';
import { installWithApt } from './ways/install-with-apt.js';
import { runInDocker } from './ways/run-in-docker.js';
import { runMongoStandIn, STAND_IN } from './ways/run-mongo-stand-in.js';
import { mongodRelease } from './ways/unpack-mongod.js';
import { unpackWithApt } from './ways/unpack-with-apt.js';

export const DAPR_VERSION = '1.18.2';
export const DAPR_CLI_VERSION = '1.16.5';
export const NATS_VERSION = '2.15.2';

/** Chromium and Chrome tell four numbers; three decide. */
const CHROMIUM = /(\d+\.\d+\.\d+)\.\d+/;

const DAPR_FOLDERS = ['~/.dapr/bin'];

const runtimeModules: Record<'daprd' | 'placement' | 'scheduler', GoProgram> = {
  daprd: daprRuntime('daprd', '3 to 7 minutes', 'allcomponents'),
  placement: daprRuntime('placement', 'about a minute'),
  scheduler: daprRuntime('scheduler', 'about a minute'),
};

const cliModule: GoProgram = {
  name: 'dapr',
  version: DAPR_CLI_VERSION,
  module: 'cli',
  package: 'github.com/dapr/cli',
  ldflags: `-s -w -X main.version=${DAPR_CLI_VERSION} -X main.apiVersion=1.0`,
  duration: 'about 2 minutes',
};

const natsModule: GoProgram = {
  name: 'nats-server',
  version: NATS_VERSION,
  module: 'nats',
  package: 'github.com/nats-io/nats-server/v2',
  ldflags: '-s -w',
  duration: 'about half a minute',
};

export const tools: Record<ToolName, Tool> = {
  daprd: {
    name: 'daprd',
    version: DAPR_VERSION,
    wanted: DAPR_VERSION,
    accepts: sameLine(DAPR_VERSION),
    installed: (machine) => installedDaprd(machine, 'daprd'),
    ways: [buildWithGo(runtimeModules.daprd), downloadRelease(daprRelease('daprd'))],
    advice: adviceDapr,
  },
  placement: {
    name: 'placement',
    version: DAPR_VERSION,
    wanted: DAPR_VERSION,
    accepts: sameLine(DAPR_VERSION),
    installed: (machine) => installedDaprd(machine, 'placement'),
    ways: [buildWithGo(runtimeModules.placement), downloadRelease(daprRelease('placement'))],
    advice: adviceDapr,
  },
  scheduler: {
    name: 'scheduler',
    version: DAPR_VERSION,
    wanted: DAPR_VERSION,
    accepts: sameLine(DAPR_VERSION),
    installed: (machine) => installedDaprd(machine, 'scheduler'),
    ways: [buildWithGo(runtimeModules.scheduler), downloadRelease(daprRelease('scheduler'))],
    advice: adviceDapr,
  },
  dapr: {
    name: 'dapr',
    version: DAPR_CLI_VERSION,
    wanted: '1.16 or later',
    accepts: atLeast('1.16.0'),
    installed: (machine) => installed(machine, ['dapr'], ['--version'], /CLI version: v?(\d+\.\d+\.\d+)/, DAPR_FOLDERS),
    ways: [buildWithGo(cliModule), downloadRelease(daprCliRelease())],
    advice: adviceDapr,
  },
  'redis-server': {
    name: 'redis-server',
    version: 'system',
    wanted: '6.2 or later',
    accepts: atLeast('6.2.0'),
    installed: (machine) => installed(machine, ['redis-server', 'valkey-server'], ['--version'], /v=(\d+\.\d+\.\d+)/),
    ways: [unpackWithApt, runInDocker({ name: 'redis', tag: '7.4', version: '7.4' })],
    advice: (machine) => adviceBySystem(machine, { brew: 'redis', apt: 'redis-server', dnf: 'redis' }),
  },
  mongo: {
    name: 'mongo',
    version: `8.0-${standInDigest()}`,
    wanted: '4.4 or later',
    accepts: atLeast('4.4.0'),
    installed: (machine) => installed(machine, ['mongod'], ['--version'], /db version v(\d+\.\d+\.\d+)/),
    ways: [downloadRelease(mongodRelease), runInDocker({ name: 'mongo', tag: '8.0', version: '8.0' }), runMongoStandIn],
    advice: ({ platform }) =>
      platform === 'darwin'
        ? 'run `brew install mongodb/brew/mongodb-community`, or set MONGO_URL'
        : 'install mongod, or a JDK 17 and Maven, or set MONGO_URL to a MongoDB that answers',
  },
  'nats-server': {
    name: 'nats-server',
    version: NATS_VERSION,
    wanted: '2.10 or later',
    accepts: atLeast('2.10.0'),
    installed: (machine) => installed(machine, ['nats-server'], ['--version'], /v(\d+\.\d+\.\d+)/),
    ways: [
      buildWithGo(natsModule),
      downloadRelease(natsRelease()),
      runInDocker({ name: 'nats', tag: `${NATS_VERSION}-alpine`, version: NATS_VERSION }),
    ],
    advice: ({ platform }) =>
      platform === 'darwin'
        ? 'run `brew install nats-server`'
        : 'install Go 1.21 or later, or nats-server 2.10 or later',
  },
  chromium: {
    name: 'chromium',
    version: 'system',
    wanted: '120 or later',
    accepts: atLeast('120.0.0'),
    installed: (machine) =>
      installed(
        machine,
        ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
        ['--version'],
        CHROMIUM,
      ),
    ways: [
      installWithApt({
        package: 'chromium',
        program: 'chromium',
        versionOf: (program, env) => askVersion([program, '--version'], env, CHROMIUM),
      }),
    ],
    advice: (machine) => adviceBySystem(machine, { brew: '--cask chromium', apt: 'chromium', dnf: 'chromium' }),
  },
};

/** The stand-in is compiled into the cache, so a change of its source is another version. */
function standInDigest(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(STAND_IN).sort()) {
    if (/\.(java|json)$/.test(name)) hash.update(readFileSync(join(STAND_IN, name)));
  }
  return hash.digest('hex').slice(0, 8);
}

function daprRuntime(name: string, duration: string, tags?: string): GoProgram {
  const ldflags = `-s -w -X github.com/dapr/dapr/pkg/buildinfo.version=${DAPR_VERSION}`;
  const source = { module: 'daprd', package: `github.com/dapr/dapr/cmd/${name}`, ldflags };
  return { name, version: DAPR_VERSION, ...source, duration, ...(tags && { tags }) };
}

function daprRelease(name: string): Release {
  return published(
    name,
    DAPR_VERSION,
    'https://github.com/dapr/dapr/releases/download',
    name === 'daprd' ? ['--version'] : ['--help'],
  );
}

function daprCliRelease(): Release {
  return published('dapr', DAPR_CLI_VERSION, 'https://github.com/dapr/cli/releases/download', ['--version']);
}

function natsRelease(): Release {
  return {
    name: 'nats-server',
    version: NATS_VERSION,
    archive(machine) {
      const kind = goPlatform(machine);
      if (!kind) return undefined;
      const base = `https://github.com/nats-io/nats-server/releases/download/v${NATS_VERSION}`;
      return `${base}/nats-server-v${NATS_VERSION}-${kind.os}-${kind.arch}.tar.gz`;
    },
    checksums: (archive) => archive.replace(/[^/]+$/, 'SHA256SUMS'),
    member: (archive) => `${archive.replace(/^.*\//, '').replace(/\.tar\.gz$/, '')}/nats-server`,
    proof: ['--version'],
  };
}

function published(name: string, version: string, releases: string, proof: string[]): Release {
  return {
    name,
    version,
    archive(machine) {
      const kind = goPlatform(machine);
      return kind && `${releases}/v${version}/${name}_${kind.os}_${kind.arch}.tar.gz`;
    },
    checksums: (archive) => `${archive}.sha256`,
    member: () => name,
    proof,
  };
}

/** Go's names for a machine, which release files carry. */
function goPlatform({ platform, arch }: Machine): { os: string; arch: string } | undefined {
  const goArch = { x64: 'amd64', arm64: 'arm64' }[arch];
  const known = platform === 'linux' || platform === 'darwin';
  return known && goArch ? { os: platform, arch: goArch } : undefined;
}

async function* installed(
  machine: Machine,
  names: string[],
  question: string[],
  pattern: RegExp,
  folders: string[] = [],
): AsyncGenerator<{ command: string[]; version: string }> {
  for await (const path of findPrograms(names, machine, folders)) {
    const version = await askVersion([path, ...question], machine.env, pattern);
    if (version) yield { command: [path], version };
  }
}

/** placement and scheduler do not tell their version; `dapr init` puts them beside the daprd of the same release. */
async function* installedDaprd(machine: Machine, name: string): AsyncGenerator<{ command: string[]; version: string }> {
  for await (const daprd of findPrograms(['daprd'], machine, DAPR_FOLDERS)) {
    const version = await askVersion([daprd, '--version'], machine.env);
    if (!version) continue;
    const beside = { ...machine, env: { ...machine.env, PATH: dirname(daprd) } };
    for await (const path of findPrograms([name], beside)) {
      if (path === join(dirname(daprd), name)) yield { command: [path], version };
    }
  }
}

function adviceDapr(): string {
  return `install Go 1.21 or later, or run \`dapr init --slim --runtime-version ${DAPR_VERSION}\` with the Dapr CLI`;
}

function adviceBySystem({ platform }: Machine, packages: { brew: string; apt: string; dnf: string }): string {
  if (platform === 'darwin') return `run \`brew install ${packages.brew}\``;
  const managers = { 'apt-get': packages.apt, dnf: packages.dnf, pacman: packages.dnf, apk: packages.dnf };
  const install = { 'apt-get': 'apt-get install', dnf: 'dnf install', pacman: 'pacman -S', apk: 'apk add' };
  for (const [manager, name] of Object.entries(managers)) {
    const words = install[manager as keyof typeof install];
    if (existsSync(`/usr/bin/${manager}`) || existsSync(`/sbin/${manager}`)) return `run \`sudo ${words} ${name}\``;
  }
  return `install ${packages.apt} with your system's package manager`;
}
