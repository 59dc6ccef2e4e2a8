// The files that nothing here can run, held to the rest of the repository: Dockerfiles, bake, Skaffold and kind.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { services, topics } from '../../../dapr/local/src/apps';
import { readDockerfile } from '../images/read-dockerfile';
import { goModuleFolder, provideTools } from '../tools/provide-tools';
import { repository } from './environments';

const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const dockerfiles = ['services/Dockerfile', 'web/Dockerfile', 'dapr/local/Dockerfile'];
test('A tool that cannot be had is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-no-tools-'));
  const env = { PATH: folder, TICKETING_CACHE: folder };
  try {
    expect(() => provideTools(env)).toThrow(
      /^python3 is missing on this machine, and what lints is installed with it .* install it\.$/,
    );
    expect(() => goModuleFolder('github.com/dapr/dapr', 'v1.0.0', env)).toThrow(/^go is missing on this machine, and /);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each(dockerfiles)('%s ends in an image that is healthy by itself and pins what it stands on', (path) => {
  const { stages } = readDockerfile(read(path));
  const bases = stages.map(({ from }) => from).filter((from) => !stages.some(({ name }) => name === from));
  // Word for word: in a variable, Dependabot would not find them.
  for (const base of bases)
    expect(base).toMatch(/^(node:\d+\.\d+\.\d+-\w+-slim|gcr\.io\/distroless\/cc-debian\d+:nonroot|scratch)$/);
  const last = stages.at(-1);
  expect(last?.name).toBe('runtime');
  expect(last?.instructions.map(({ word }) => word)).toEqual(
    expect.arrayContaining(['USER', 'HEALTHCHECK', 'CMD', 'LABEL']),
  );
  // Packages come from the lock file, without scripts of strangers.
  const installs = stages.flatMap(({ instructions }) =>
    instructions.filter(({ rest }) => /\bnpm (ci|i|install)\b/.test(rest)),
  );
  for (const { rest } of installs) expect(rest).toMatch(/^npm ci -w \S+ .*--ignore-scripts/);
});

test('Bake builds an image for each service, the web client and the stand-ins', () => {
  const bake = read('docker-bake.hcl');
  const [, listed = ''] = /service = \[([^\]]+)\]/.exec(bake) ?? [];
  expect(listed.split(',').map((name) => name.trim().replaceAll('"', ''))).toEqual([...services]);
  const named = [...bake.matchAll(/dockerfile = "([^"]+)"/g)].map(([, path]) => path);
  expect(named.sort()).toEqual([...dockerfiles].sort());
});

interface SkaffoldConfig {
  build: {
    artifacts: { image: string; custom?: Custom; docker?: { dockerfile: string }; sync?: { manual: SyncRule[] } }[];
  };
  manifests: { kustomize: { paths: string[] } };
  deploy: { kubeContext: string };
  profiles: { name: string; manifests: { kustomize: { paths: string[] } }; patches?: { op: string; path: string }[] }[];
}

interface Custom {
  buildCommand: string;
  dependencies: { paths: string[] };
}

interface SyncRule {
  src: string;
  dest: string;
  strip: string;
}

test('Skaffold builds what the manifests name, from files that are there', () => {
  const { build, manifests, deploy, profiles } = parse(read('skaffold.yaml')) as SkaffoldConfig;
  const images = build.artifacts.map(({ image }) => image);
  expect(images).toEqual([...services, 'local', 'web'].map((name) => `ticketing-${name}`));
  expect(deploy.kubeContext).toBe('kind-ticketing');
  for (const { kustomize } of [manifests, ...profiles.map((profile) => profile.manifests)]) {
    for (const path of kustomize.paths) expect(existsSync(join(repository, path, 'kustomization.yaml'))).toBe(true);
  }
  expect(profiles.map(({ name }) => name)).toEqual(['dev', 'api']);
  const [removal] = profiles.find(({ name }) => name === 'api')?.patches ?? [];
  expect(removal).toEqual({ op: 'remove', path: `/build/artifacts/${images.indexOf('ticketing-web')}` });
});

test('Skaffold copies compiled code to where the development image has it', () => {
  const { build } = parse(read('skaffold.yaml')) as SkaffoldConfig;
  for (const service of services) {
    const artifact = build.artifacts.find(({ image }) => image === `ticketing-${service}`);
    const rules = artifact?.sync?.manual ?? [];
    const placed = rules.map(({ src, dest, strip }) =>
      join(dest, src.replace('**/*.js', 'main.js').replace(strip, '')),
    );
    expect(placed).toEqual(['/app/service/dist/main.js', '/app/services/common/dist/main.js']);
    // Skaffold copies only what it also watches.
    for (const { src } of rules) expect(artifact?.custom?.dependencies.paths).toContain(src);
    expect(artifact?.custom?.buildCommand).toContain(`--target dev --build-arg SERVICE=${service} `);
    for (const path of artifact?.custom?.dependencies.paths ?? []) {
      if (!path.includes('dist/')) expect([path, existsSync(join(repository, path))]).toEqual([path, true]);
    }
  }
  const stages = readDockerfile(read('services/Dockerfile')).stages.map(({ name }) => name);
  expect(stages).toContain('dev');
});

test('The cluster takes Dapr and NATS of the versions that the local runtime has', () => {
  const script = read('k8s/kind/create-cluster.sh');
  const [, expression = ''] = /^dapr_version=\$\(sed -n '([^']+)' (\S+)\)$/m.exec(script) ?? [];
  const version = execFileSync('sed', ['-n', expression, join(repository, 'dapr/runtime/daprd/go.mod')], {
    encoding: 'utf8',
  });
  expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);
  const [, nats] = /nats-server\/v2 v(\S+)/.exec(read('dapr/runtime/nats/go.mod')) ?? [];
  expect(read('k8s/components/nats/nats.yaml')).toContain(`image: nats:${nats}-alpine`);
});

test('Streams in the cluster are what the launcher makes locally', () => {
  const launcher = read('dapr/local/src/launcher/create-streams.ts');
  const script = read('k8s/components/nats/ensure-streams.sh');
  const number = (pattern: RegExp) => Number((pattern.exec(launcher)?.[1] ?? 'NaN').replaceAll('_', ''));
  const [, listed = ''] = /for topic in ([a-z ]+); do/.exec(script) ?? [];
  expect(listed.split(' ')).toEqual([...topics]);
  expect(script).toContain(`"max_msgs": ${number(/max_msgs: ([\d_]+)/)},`);
  expect(script).toContain(`"max_age": ${number(/max_age: nanos\((\d+) \* dayMs\)/) * 86_400 * 1e9},`);
  expect(script).toContain(`put "$topic" "$topic" ${number(/put\(manager, topic, topic, ([\d_]+)\)/) * 1e6}\n`);
  expect(script).toContain(`put "$topic-dead" "$topic.dead" ${number(/`\$\{topic\}\.dead`, (\d+)\)/) * 1e6}\n`);
});

test('Each word of the Makefile for a cluster says which tool is missing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-no-tools-'));
  try {
    for (const name of ['sh', 'dirname', 'sed', 'mktemp', 'rm']) {
      symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(folder, name));
    }
    const words = {
      'create-cluster': 'kind',
      'build-images': 'docker',
      'load-images': 'kind',
      develop: 'skaffold',
      'trust-local-ca': 'kubectl',
    };
    for (const [script, tool] of Object.entries(words)) {
      const file = join(repository, 'k8s/kind', `${script}.sh`);
      const { status, stderr } = spawnSync('sh', [file], { env: { PATH: folder }, encoding: 'utf8' });
      expect([script, status]).toEqual([script, 1]);
      expect(stderr).toMatch(new RegExp(`^${tool} is missing\\. Get .+: https://`, 'm'));
    }
    const real = join(repository, 'k8s/kind/make-secrets.sh');
    const refused = spawnSync('sh', [real, 'production'], { env: { PATH: folder }, encoding: 'utf8' });
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^production is no cluster of kind/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('What is there and does not do is told in one sentence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-half-tools-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(() => {
    for (const name of ['sh', 'dirname', 'mktemp', 'rm']) {
      symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(folder, name));
    }
    writeFileSync(join(folder, 'openssl'), '#!/bin/sh\n', { mode: 0o755 });
  });

  /** A program that knows what it is asked if that holds one of these, and else says what such a program says. */
  const install = (name: string, known: string[]) =>
    writeFileSync(
      join(folder, name),
      `#!/bin/sh\ncase " $* " in ${known.map((words) => `*" ${words} "*) exit 0;;`).join(' ')} esac\necho 'Usage: ${name}' >&2\nexit 125\n`,
      { mode: 0o755 },
    );
  const told = (script: string, ...words: string[]) => {
    const file = join(repository, 'k8s/kind', script);
    const { status, stdout, stderr } = spawnSync('sh', [file, ...words], { env: { PATH: folder }, encoding: 'utf8' });
    return [status, `${stdout}${stderr}`];
  };

  test.each([
    ['no buildx', ['info'], /^Docker is installed without buildx, .+: https:\/\/\S+\n$/],
    ['no engine', ['buildx version'], /^Docker is installed but its engine does not answer: .+\.\n$/],
  ])('docker with %s', (_what, known, sentence) => {
    install('docker', known);
    expect(told('require-tools.sh', 'docker')).toEqual([1, expect.stringMatching(sentence)]);
  });

  test('docker with both', () => {
    install('docker', ['info', 'buildx version']);
    expect(told('require-tools.sh', 'docker')).toEqual([0, '']);
  });

  test.each([
    ['without a cluster', [], /^There is no cluster of your own: .+\.\n$/],
    [
      'with a cluster that is stopped',
      ['config get-contexts kind-ticketing'],
      /^The cluster .+ does not answer: .+\.\n$/,
    ],
    [
      'with a cluster where nothing was deployed',
      ['config get-contexts kind-ticketing', 'version'],
      /^The cluster has no certificate authority yet: .+\.\n$/,
    ],
  ])('trust %s', (_what, known, sentence) => {
    install('kubectl', known);
    expect(told('trust-local-ca.sh')).toEqual([1, expect.stringMatching(sentence)]);
  });
});

/** Keeps secrets as folders, and answers as the cluster would. */
const kubectlStandIn = `#!/bin/sh
set -eu
case " $* " in
  *" apply "*) ;;
  *" create secret generic "*)
    while [ "$1" != generic ]; do shift; done
    cp -R "$4" "$SECRETS/$2" ;;
  *" --output "*)
    while [ "$1" != secret ]; do shift; done
    key=$(echo "$4" | sed 's/.*[.]data[.]//; s/}$//')
    openssl base64 -A -in "$SECRETS/$2/$key" ;;
  *" get secret "*) while [ "$1" != secret ]; do shift; done; test -d "$SECRETS/$2" ;;
  *) exit 64 ;;
esac
`;

test("The secrets of a cluster of one's own are made with the keys that are declared, once, each password new", () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-secrets-'));
  try {
    writeFileSync(join(folder, 'kubectl'), kubectlStandIn, { mode: 0o755 });
    const secretsFolder = join(folder, 'secrets');
    mkdirSync(secretsFolder);
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, SECRETS: secretsFolder };
    const words = [join(repository, 'k8s/kind/make-secrets.sh'), 'kind-ticketing'];
    const made = execFileSync('sh', words, { encoding: 'utf8', env });
    const read = (path: string) => readFileSync(join(secretsFolder, path), 'utf8');
    for (const environment of ['kind', 'kind-nats']) {
      const file = join(repository, 'components', environment, 'required-secrets.yaml');
      const { kubernetes } = parse(readFileSync(file, 'utf8')) as { kubernetes: Record<string, string[]> };
      expect(readdirSync(secretsFolder).sort()).toEqual(Object.keys(kubernetes).sort());
      for (const [name, keys] of Object.entries(kubernetes)) {
        expect([name, readdirSync(join(secretsFolder, name))]).toEqual([name, expect.arrayContaining(keys)]);
      }
    }
    expect(read('stores/mongo-url')).toBe(
      `mongodb://ticketing:${read('stores/mongo-password')}@mongodb:27017/?authSource=admin`,
    );
    expect(read('stores/redis-url')).toBe(`redis://:${read('stores/redis-password')}@redis:6379/0`);
    expect(JSON.parse(read('stripe-simulator/secrets.json'))['stripe-secret'].webhookSecret).toBe(
      read('stripe-secret/webhookSecret'),
    );
    expect(read('jwt-secret/key')).toMatch(/^[0-9a-f]{48}$/);
    expect(made.match(/^made the secret /gm)).toHaveLength(readdirSync(secretsFolder).length);
    const before = read('stores/mongo-password');
    expect(execFileSync('sh', words, { encoding: 'utf8', env })).toBe('');
    expect(read('stores/mongo-password')).toBe(before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
