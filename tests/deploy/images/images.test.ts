// Each image, built by its own Dockerfile in an empty folder and started with nothing but what it would hold. `npm test`
// builds one service's; IMAGES=all (test:all) builds every one, IMAGES=web,auth those.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../setup/free-port';
import { waitFor } from '../../stack/wait-for';
import { provideNode } from '../tools/provide-node';
import { layBuildContext } from './build-context';
import { type BuiltImage, openBuild } from './build-image';
import { readDockerfile } from './read-dockerfile';
import { type RunningImage, runImage } from './run-image';
import { type SidecarStandIn, startSidecarStandIn } from './sidecar-stand-in';

const repository = resolve(__dirname, '../../..');
const secrets = {
  'jwt-secret': { key: 'a-key-of-this-test-that-is-long-enough-to-sign' },
  'ticket-secret': { sealWith: 'k1', k1: 'a-key-of-this-test-that-is-long-enough-to-seal' },
  'stripe-secret': { secretKey: 'sk_test_image', publishableKey: 'pk_test_image', webhookSecret: 'whsec_image' },
};

const wanted = process.env.IMAGES || 'orders';
const services = readdirSync(join(repository, 'services')).filter((name) =>
  existsSync(join(repository, 'services', name, 'src/main.ts')),
);
const allImages = [
  ...services.map((name) => ({ name, dockerfile: 'services/Dockerfile' })),
  { name: 'web', dockerfile: 'web/Dockerfile' },
  { name: 'local', dockerfile: 'dapr/local/Dockerfile' },
];
const images = allImages.filter(({ name }) => wanted === 'all' || wanted.split(',').includes(name));

let folder = '';
let context = '';
let sidecar: SidecarStandIn;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ticketing-images-'));
  // The user of the image has to reach it, and may write nowhere in it.
  chmodSync(folder, 0o755);
  context = join(folder, 'context');
  layBuildContext(repository, context);
  sidecar = await startSidecarStandIn(secrets);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await sidecar.stop();
});

describe.each(images)('The image of $name', ({ name, dockerfile }) => {
  const args = { SERVICE: name, VERSION: '1.2.3', REVISION: '0123abc' };
  let build: (target: string) => BuiltImage;
  let image: BuiltImage;

  beforeAll(() => {
    const workshop = mkdtempSync(join(folder, `${name}-`));
    chmodSync(workshop, 0o755);
    build = openBuild({ dockerfile: join(repository, dockerfile), context, args, workshop });
    image = build('runtime');
  }, 900_000);

  test('holds compiled code and production packages, and nothing that was used to build them', () => {
    const files = readdirSync(join(image.root, 'app'), { recursive: true, encoding: 'utf8' });
    const own = files.filter((file) => !/(^|\/)node_modules\//.test(file));
    const odd = own.filter((file) =>
      /\.(ts|tsx|map|tsbuildinfo)$|(^|\/)(test|testing|contracts-export)(\/|$)/.test(file),
    );
    expect(odd).toEqual([]);
    const packages = files.filter((file) =>
      /(^|\/)node_modules\/(jest|typescript|@biomejs|@swc\/core|tsx|esbuild|playwright-core)$/.test(file),
    );
    expect(packages).toEqual([]);
    expect(files.filter((file) => /(^|\/)\.(npmrc|env)/.test(file))).toEqual([]);
  });

  test('runs as a user without rights, on a base without a shell, and says what it is', () => {
    expect(image.user).toMatch(/^[1-9]\d{3,}:[1-9]\d{3,}$/);
    expect(image.base).toMatch(/^gcr\.io\/distroless\/cc-debian12:nonroot$/);
    expect(image.labels).toMatchObject({
      'org.opencontainers.image.title': `ticketing-${name}`,
      'org.opencontainers.image.version': '1.2.3',
      'org.opencontainers.image.revision': '0123abc',
    });
    expect(image.env.NODE_ENV).toBe('production');
    const node = execFileSync(join(image.root, image.command[0] ?? ''), ['--version'], { encoding: 'utf8' });
    expect(node.trim()).toBe(`v${nodeVersionOf(dockerfile)}`);
  });

  test('has a twin for development, if it is a service: the same files, started again when they change', () => {
    if (!services.includes(name))
      return expect(readFileSync(join(repository, dockerfile), 'utf8')).not.toMatch(/ AS dev$/m);
    const twin = build('dev');
    const filesOf = ({ root }: BuiltImage) =>
      readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' }).sort();
    expect(filesOf(twin)).toEqual(filesOf(image));
    expect(twin.command).toEqual(['node', '--watch', '--watch-preserve-output', image.command.at(-1)]);
    expect({ user: twin.user, ...twin.env }).toEqual({ ...image.env, user: '1000:1000' });
  });

  test('without settings names the one that is missing, or starts', async () => {
    if (name === 'local') return expect(image.command.at(-1)).toBe('backing');
    const running = runImage(image, {});
    expect(await running.ended).toBe(1);
    expect(running.output()).toMatch(/Set API_URL|[A-Z_]+ is not set: give it a value in the environment\./);
  }, 60_000);

  test('starts with nothing but what it holds, is healthy, and stops when asked to', async () => {
    const port = await freePort();
    const running = runImage(image, await settingsOf(name, port));
    try {
      await waitFor(`health of ${name}`, () => healthOf(running), 90_000).catch((error: Error) => {
        throw new Error(`${error.message}\n${running.output()}`, { cause: error });
      });
      if (name !== 'local') expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    } finally {
      const ending = await running.stop();
      expect({ ending, said: [0, 143, 'SIGTERM'].includes(ending as number) ? '' : running.output() }).toMatchObject({
        said: '',
      });
    }
  }, 120_000);
});

async function healthOf(running: RunningImage): Promise<boolean> {
  const ended = await Promise.race([running.ended, running.checkHealth().then((code) => `health ${code}`)]);
  if (typeof ended === 'number') throw new Error(`it ended with ${ended}`);
  return ended === 'health 0';
}

async function settingsOf(name: string, port: number): Promise<Record<string, string>> {
  const text = String(port);
  if (name === 'local') {
    const ports = { INBOX_PORT: text, SMTP_PORT: String(await freePort()), STRIPE_PORT: String(await freePort()) };
    return { ...ports, BACKING_HOST: '127.0.0.1', SECRETS_FILE: join(repository, 'dapr/dev-secrets.json') };
  }
  const common = { DAPR_HTTP_PORT: String(sidecar.port), PUBLIC_URL: 'http://localhost:3000' };
  if (name === 'web') return { ...common, PORT: text, HOSTNAME: '127.0.0.1' };
  const stores = { MONGO_URL: process.env.TEST_MONGO_URL ?? '', REDIS_URL: 'redis://127.0.0.1:1' };
  return { ...common, ...stores, APP_PORT: text, APP_HOST: '127.0.0.1' };
}

const nodeVersionOf = (dockerfile: string) =>
  /^node:([\d.]+)-/.exec(readDockerfile(readFileSync(join(repository, dockerfile), 'utf8')).stages[0]?.from ?? '')?.[1];

describe('The Node of images', () => {
  test('is one version: in each Dockerfile, where continuous integration runs, and here', () => {
    const { version } = provideNode();
    for (const { dockerfile } of allImages)
      expect([dockerfile, nodeVersionOf(dockerfile)]).toEqual([dockerfile, version]);
    expect(readFileSync(join(repository, '.nvmrc'), 'utf8').trim()).toBe(version);
    const lock = JSON.parse(readFileSync(join(repository, 'tests/deploy/tools/node/package-lock.json'), 'utf8'));
    for (const [name, { integrity }] of Object.entries<{ integrity?: string }>(lock.packages)) {
      if (/^node_modules\/[^/]+$/.test(name))
        expect([name, integrity]).toEqual([name, expect.stringMatching(/^sha512-/)]);
    }
  });

  test('carries out their steps, with its npm', () => {
    const { version, npmVersion } = provideNode();
    const build = openBuildOf(`FROM node:${version}-bookworm-slim AS node
FROM node AS steps
WORKDIR /app
RUN node --version > versions && npm --version >> versions
`);
    const { root } = build('steps');
    expect(readFileSync(join(root, 'app/versions'), 'utf8')).toBe(`v${version}\n${npmVersion}\n`);
  });

  test('is not replaced by another one', () => {
    expect(() => openBuildOf('FROM node:20.20.2-bookworm-slim AS node\n')('node')).toThrow(
      /^node:20\.20\.2-bookworm-slim has not the Node \d+\.\d+\.\d+ that images are tried with$/,
    );
    const { version } = provideNode();
    const elsewhere = { platform: 'sunos', arch: 'mips', execPath: '/opt/node' } as const;
    expect(() => provideNode({ ...elsewhere, version: 'v20.20.2' })).toThrow(
      /npm has no package of for sunos on mips: run these tests with it \(nvm install .*; this is v20\.20\.2\)\.$/,
    );
    expect(provideNode({ ...elsewhere, version: `v${version}` }).node).toBe('/opt/node');
  });
});

function openBuildOf(text: string): (target: string) => BuiltImage {
  const workshop = mkdtempSync(join(folder, 'steps-'));
  const dockerfile = join(workshop, 'Dockerfile');
  writeFileSync(dockerfile, text);
  return openBuild({ dockerfile, context, args: {}, workshop });
}

test('What is sent to a build is what lies there: not a file that was removed and is still in the index', () => {
  const sources = mkdtempSync(join(folder, 'sources-'));
  for (const name of ['kept', 'removed', 'ignored']) writeFileSync(join(sources, name), '');
  writeFileSync(join(sources, '.dockerignore'), '*\n!kept\n!removed\n');
  for (const words of [
    ['init', '--quiet'],
    ['add', '--all'],
  ])
    execFileSync('git', ['-C', sources, ...words]);
  rmSync(join(sources, 'removed'));
  expect(layBuildContext(sources, mkdtempSync(join(folder, 'sent-')))).toEqual(['kept']);
});
