// Workflows run nowhere but at GitHub: what they name is held to what is here.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { repository } from './environments';

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Concurrency {
  group: string;
  'cancel-in-progress': boolean;
  queue?: string;
}

interface Workflow {
  concurrency?: Concurrency;
  defaults?: { run?: { shell?: string } };
  on: {
    pull_request?: { paths?: string[] } | null;
    workflow_call?: { inputs: Record<string, object> } | null;
    workflow_dispatch?: { inputs: Record<string, object> } | null;
  };
  jobs: Record<
    string,
    { uses?: string; with?: Record<string, unknown>; steps?: Step[]; strategy?: { matrix: Record<string, unknown> } }
  >;
}

const folder = join(repository, '.github/workflows');
const workflows = Object.fromEntries(
  readdirSync(folder).map((file) => [file, parse(readFileSync(join(folder, file), 'utf8')) as Workflow]),
);

/** As GitHub reads it: `*` within a folder, `**` through all. */
const filesLike = (pattern: string): string => {
  const words = ['ls-files', '--cached', '--others', '--exclude-standard', '--', `:(glob)${pattern}`];
  return execFileSync('git', words, { cwd: repository, encoding: 'utf8' });
};

const stepsOf = ({ jobs }: Workflow): Step[] => Object.values(jobs).flatMap(({ steps = [] }) => steps);
const read = (path: string) => readFileSync(join(repository, path), 'utf8');

describe.each(Object.entries(workflows))('%s', (file, workflow) => {
  test('names files, words of the Makefile and commands that are there', () => {
    const steps = stepsOf(workflow);
    const files = steps.flatMap((step) =>
      ['node-version-file', 'go-version-file'].flatMap((key) => (step.with?.[key] as string | undefined) ?? []),
    );
    const lines = steps.flatMap(({ run = '' }) => run.split('\n'));
    const words = lines.flatMap((line) => /^make (.*)$/.exec(line)?.[1]?.split(' ') ?? []);
    const commands = lines.flatMap((line) => [...line.matchAll(/node k8s\/release\/dist\/main\.js (\w+)/g)]);
    const playbooks = lines.flatMap((line) => /ansible-playbook (\S+)/.exec(line)?.[1] ?? []);
    const sums = steps.flatMap(
      (step) => (step.with?.['cache-dependency-path'] as string | undefined)?.trim().split('\n') ?? [],
    );
    const patterns = [...sums, ...(workflow.on.pull_request?.paths ?? [])];
    expect([...files, ...playbooks].filter((file) => !existsSync(join(repository, file)))).toEqual([]);
    expect(patterns.filter((pattern) => filesLike(pattern.trim()) === '')).toEqual([]);
    expect(words.filter((word) => !new RegExp(`^${word}:`, 'm').test(read('Makefile')))).toEqual([]);
    const known = read('k8s/release/src/main.ts');
    expect(commands.filter(([, name]) => !new RegExp(`^ {2}${name}: \\{`, 'm').test(known))).toEqual([]);
  });

  test('calls others with the inputs that they take', () => {
    for (const { uses = '', with: given = {} } of Object.values(workflow.jobs)) {
      const [, called = ''] = /^\.\/\.github\/workflows\/(.+)$/.exec(uses) ?? [];
      if (uses === '') continue;
      expect(Object.keys(given).sort()).toEqual(Object.keys(workflows[called]?.on.workflow_call?.inputs ?? {}).sort());
    }
  });

  // A shell that is not named is `bash -e`, to which a pipe is well when its last part is.
  test('stops at a fault of any part of a pipe', () => {
    const commands = stepsOf(workflow).flatMap(({ run = '' }) => run.replace(/'[^']*'/g, ''));
    const pipes = commands.filter((text) => /[^|]\|[^|]/.test(text));
    expect(pipes.length === 0 || workflow.defaults?.run?.shell === 'bash').toBe(true);
    expect(commands.filter((text) => /[<>]\(/.test(text))).toEqual([]);
  });

  // In a group one runs and one waits, and who comes next puts out who waits, unless the group says that all may.
  test('lets all wait that it does not end for something newer', () => {
    const { 'cancel-in-progress': ends, queue, group, ...others } = workflow.concurrency as Concurrency;
    expect(Object.keys(others)).toEqual([]);
    expect([ends, queue]).toEqual(group.startsWith('pull-request-') ? [true, undefined] : [false, 'max']);
    expect(Object.values(workflow.jobs).filter((job) => 'concurrency' in job)).toEqual([]);
  });

  // Who waits for a group that its caller holds waits for ever.
  test('calls nobody who waits for its own group', () => {
    const called = Object.values(workflow.jobs).flatMap(({ uses }) => uses?.replace('./.github/workflows/', '') ?? []);
    const kind = (file: string) => workflows[file]?.concurrency?.group.split('-')[0];
    expect(called.map(kind)).not.toContain(kind(file));
  });

  test('takes every action by the commit of a version', () => {
    const actions = stepsOf(workflow).flatMap(({ uses }) => uses ?? []);
    expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });
});

describe('What runs with the role of an environment', () => {
  const clone = mkdtempSync(join(tmpdir(), 'ticketing-clone-'));
  afterAll(() => rmSync(clone, { recursive: true }));

  const git = (...words: string[]) => {
    const done = spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: clone });
    expect(done.status).toBe(0);
  };

  // Main is before staging, and a branch that nobody merged after it.
  beforeAll(() => {
    git('init', '--quiet');
    for (const branch of ['main', 'staging', 'unmerged']) {
      git('commit', '--quiet', '--allow-empty', '--message', branch);
      git('update-ref', `refs/remotes/origin/${branch}`, 'HEAD');
    }
  });

  const statusOf = (workflow: string, step: string, checkedOut: string, env: Record<string, string>) => {
    git('checkout', '--quiet', '--detach', `refs/remotes/origin/${checkedOut}`);
    const { run = '' } = stepsOf(workflows[workflow] as Workflow).find(({ name }) => name === step) as Step;
    return spawnSync('bash', ['-eo', 'pipefail', '-c', run], { cwd: clone, env: { ...process.env, ...env } }).status;
  };

  test.each([
    ['production', 'main', 0],
    ['production', 'staging', 1],
    ['production', 'unmerged', 1],
    ['staging', 'main', 0],
    ['staging', 'staging', 0],
    ['staging', 'unmerged', 1],
  ])('%s of what %s has ends with %i', (ENVIRONMENT, checkedOut, status) => {
    const env = { ENVIRONMENT, RELEASE: checkedOut };
    expect(statusOf('deploy.yml', 'Only what its branch has', checkedOut, env)).toBe(status);
  });

  test('is a release of main alone', () => {
    const statuses = ['main', 'staging'].map((branch) =>
      statusOf('release.yml', 'Only what main has', branch, { TAG: branch }),
    );
    expect(statuses).toEqual([0, 1]);
  });

  test.each(['deploy.yml', 'release.yml'])('is looked at before anything of it runs: %s', (file) => {
    const named = stepsOf(workflows[file] as Workflow).filter(({ run }) => run !== undefined);
    expect(named[0]?.name).toMatch(/^Only what /);
  });

  test.each(Object.entries(workflows))(
    'installs nothing by pip but what is locked by its hashes: %s',
    (_file, workflow) => {
      const installs = stepsOf(workflow).flatMap(({ run = '' }) => run.match(/pip install .*/g) ?? []);
      expect(installs.filter((line) => !line.startsWith('pip install --require-hashes --requirement '))).toEqual([]);
    },
  );

  test('is an image that was signed on a branch of ours', () => {
    const { env } = stepsOf(workflows['deploy.yml'] as Workflow).find(({ env }) => env?.IDENTITY) as Step;
    const images = 'https://github.com/o/r/.github/workflows/images.yml';
    const identity = new RegExp(
      String(env?.IDENTITY).replace(/\$\{\{ github\.(\w+) \}\}/g, (_all, name) =>
        name === 'server_url' ? 'https://github.com' : 'o/r',
      ),
    );
    const refs = ['refs/heads/main', 'refs/heads/staging', 'refs/heads/mine', 'refs/tags/v1', 'refs/heads/main-mine'];
    expect(refs.map((ref) => identity.test(`${images}@${ref}`))).toEqual([true, true, false, false, false]);
  });
});

describe('An image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-images-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const steps = stepsOf(workflows['images.yml'] as Workflow);
  const place = (name: string) => steps.findIndex((step) => step.name === name);
  const log = join(folder, 'log');

  /** What the step asks of programs that only note what they are asked; of one, that it fails. */
  const asked = (name: string, { failing = '', unbuilt = '[]' } = {}) => {
    writeFileSync(join(folder, 'images'), 'orders 1.2.0 sha256:1\nweb 0.3.0 sha256:2\n');
    writeFileSync(log, '');
    for (const program of ['docker', 'cosign', 'node']) {
      const says = program === 'node' ? `echo '${unbuilt}'` : ':';
      const text = `#!/bin/sh\necho "${program} $*" >> '${log}'\n${says}\n[ "${program}" != "${failing}" ]\n`;
      writeFileSync(join(folder, program), text, { mode: 0o755 });
    }
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, REGISTRY: 'r' };
    const words = ['-eo', 'pipefail', '-c', steps[place(name)]?.run ?? 'exit 9'];
    const { status } = spawnSync('bash', words, { cwd: folder, env });
    return { status, lines: readFileSync(log, 'utf8').trim().split('\n') };
  };

  const signed = ['cosign sign --yes r/ticketing-orders@sha256:1', 'cosign sign --yes r/ticketing-web@sha256:2'];
  const create = 'docker buildx imagetools create --tag';
  const named = [
    `${create} r/ticketing-orders:1.2.0 r/ticketing-orders@sha256:1`,
    `${create} r/ticketing-web:0.3.0 r/ticketing-web@sha256:2`,
    'node k8s/release/dist/main.js unbuilt --registry r',
  ];

  test('has its version last, once it is signed: who finds the version finds a signed image', () => {
    const order = ['What is to be built', 'Build, and push by digest', 'Sign', 'Give them their versions'].map(place);
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(order[0]).toBeGreaterThan(0);
    expect(order.at(-1)).toBe(steps.length - 1);
    expect(asked('Sign')).toEqual({ status: 0, lines: signed });
    expect(asked('Give them their versions')).toEqual({ status: 0, lines: named });
  });

  test('that cannot be signed gets no version: there it ends', () => {
    const { status, lines } = asked('Sign', { failing: 'cosign' });
    expect(status).not.toBe(0);
    expect(lines).toEqual(signed.slice(0, 1));
  });

  test('whose version is there by then, of the same sources, gives way to it', () => {
    expect(asked('Give them their versions', { failing: 'docker' })).toEqual({ status: 0, lines: named });
  });

  test.each([
    ['not there either', { failing: 'docker', unbuilt: '[{"name":"orders","version":"1.2.0"}]' }],
    ['of other sources', { failing: 'node' }],
  ])('whose version is %s is an error', (_what, circumstances) => {
    const { status } = asked('Give them their versions', circumstances);
    expect(status).not.toBe(0);
  });

  test('goes to a registry without a name of its own', () => {
    expect(steps[place('Build, and push by digest')]?.run).not.toMatch(/--push|--tag|--set/);
    const bake = read('docker-bake.hcl');
    expect(bake).toMatch(/"\$\{REGISTRY\}\/ticketing-\$\{name\}"/);
    expect(bake).toContain(
      'output = REGISTRY == "" ? [] : ["type=image,push-by-digest=true,name-canonical=true,push=true"]',
    );
    expect(bake.match(/inherits\s+= \["common"\]/g)).toHaveLength(3);
  });
});

test('A pull request runs each project that the merge gate runs', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const gate = [...(scripts.test ?? '').matchAll(/--selectProjects ([a-z0-9 ]+?)(?= --|$)/g)];
  const merged = gate.flatMap(([, names = '']) => names.split(' '));
  const { jobs } = workflows['pull-request.yml'] as Workflow;
  const apart = jobs.test?.steps?.flatMap(({ run = '' }) =>
    /--selectProjects ([a-z ]+?) --/.exec(run)?.[1]?.split(' '),
  );
  const together = jobs.together?.strategy?.matrix.project as string[];
  expect([...(apart ?? []), ...together].filter(Boolean).sort()).toEqual(merged.sort());
  expect(read('.github/workflows/pull-request.yml')).toContain('make build lint');
});

describe('Dependabot', () => {
  const { updates } = parse(read('.github/dependabot.yml')) as {
    updates: { 'package-ecosystem': string; directory?: string; directories?: string[] }[];
  };

  test.each([
    ['npm', '**/package-lock.json'],
    ['gomod', '**/go.mod'],
    ['uv', '**/*.in'],
    ['docker', '**/*Dockerfile'],
  ])('looks where there is something for %s, and everywhere', (ecosystem, pattern) => {
    const { directory, directories = [directory ?? ''] } =
      updates.find((one) => one['package-ecosystem'] === ecosystem) ?? {};
    const filesIn = (place: string) =>
      filesLike(`${place.slice(1)}/${pattern.replace('**/', '')}`.replace(/^\//, ''))
        .split('\n')
        .filter(Boolean);
    expect(directories.filter((place) => filesIn(place).length === 0)).toEqual([]);
    // The Node of images, which follows their Dockerfiles.
    const apart = ['tests/deploy/tools/node/package-lock.json'];
    const all = filesLike(pattern)
      .split('\n')
      .filter((file) => file !== '' && !apart.includes(file));
    expect(directories.flatMap(filesIn).sort()).toEqual(all.sort());
  });
});

test('What is rehearsed is rehearsed when it changes, and all that is long is run at night', () => {
  const { paths = [] } = workflows['rehearsal.yml']?.on.pull_request ?? {};
  const inputs = ['ansible', 'components', 'dapr/runtime', 'k8s', 'tests/deploy/rehearsal'];
  expect(paths).toEqual(expect.arrayContaining(inputs.map((folder) => `${folder}/**`)));
  expect(stepsOf(workflows['rehearsal.yml'] as Workflow).map(({ run }) => run)).toContain('make rehearse');
  expect(stepsOf(workflows['nightly.yml'] as Workflow).map(({ run }) => run)).toContain('make test-all');
  expect(Object.values(workflows['nightly.yml']?.jobs ?? {}).map(({ uses }) => uses)).toContain(
    './.github/workflows/rehearsal.yml',
  );
});
