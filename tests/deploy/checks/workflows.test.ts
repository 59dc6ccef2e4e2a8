// Workflows run nowhere but at GitHub: what they name is held to what is here.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, posix } from 'node:path';
import { buildSync } from 'esbuild';
import { parse } from 'yaml';
import { affectedFolders } from '../../../k8s/release/src/affected';
import { requireNewVersions } from '../../../k8s/release/src/same-sources';
import { makeRepository } from '../../../k8s/release/test/repository';
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
    workflow_dispatch?: { inputs: Record<string, { type: string; options?: string[] }> } | null;
  };
  jobs: Record<
    string,
    {
      uses?: string;
      with?: Record<string, unknown>;
      env?: Record<string, string>;
      environment?: string;
      concurrency?: Concurrency;
      needs?: string;
      outputs?: Record<string, string>;
      permissions?: Record<string, string>;
      steps?: Step[];
      strategy?: { matrix: Record<string, unknown> };
    }
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
const concurrencyOf = (workflow: Workflow): Concurrency[] =>
  [workflow, ...Object.values(workflow.jobs)].flatMap(({ concurrency = [] }) => concurrency);
/** As workflows have what GitHub fills in. */
const expression = (text: string) => `\${{ ${text} }}`;
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
    const all = concurrencyOf(workflow);
    expect(all).toHaveLength(1);
    for (const { 'cancel-in-progress': ends, queue, group, ...others } of all) {
      expect(Object.keys(others)).toEqual([]);
      expect([ends, queue]).toEqual(group.startsWith('pull-request-') ? [true, undefined] : [false, 'max']);
    }
  });

  // Who waits for a group that its caller holds waits for ever.
  test('calls nobody who waits for its own group', () => {
    const called = Object.values(workflow.jobs).flatMap(({ uses }) => uses?.replace('./.github/workflows/', '') ?? []);
    const kinds = (file: string) => concurrencyOf(workflows[file] as Workflow).map(({ group }) => group.split('-')[0]);
    expect(called.flatMap(kinds)).not.toContain(kinds(file)[0]);
  });

  test('takes every action by the commit of a version', () => {
    const actions = stepsOf(workflow).flatMap(({ uses }) => uses ?? []);
    expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });
});

describe('What runs with the role of an environment', () => {
  const clone = mkdtempSync(join(tmpdir(), 'ticketing-clone-'));
  const bin = mkdtempSync(join(tmpdir(), 'ticketing-programs-'));
  afterAll(() => {
    for (const folder of [clone, bin]) rmSync(folder, { recursive: true });
  });

  const git = (...words: string[]) => {
    const done = spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      cwd: clone,
      encoding: 'utf8',
    });
    expect([done.status, done.stderr]).toEqual([0, expect.any(String)]);
    return done.stdout.trim();
  };
  const commitOf = (branch: string) => git('rev-parse', `refs/remotes/origin/${branch}`);

  // Main is before staging, and a branch that nobody merged after it. `foo` is a tag of main, and a branch that nobody merged.
  beforeAll(() => {
    git('init', '--quiet');
    for (const branch of ['main', 'staging', 'unmerged']) {
      git('commit', '--quiet', '--allow-empty', '--message', branch);
      git('update-ref', `refs/remotes/origin/${branch}`, 'HEAD');
    }
    git('update-ref', 'refs/remotes/origin/foo', commitOf('unmerged'));
    git('tag', 'foo', commitOf('main'));
    git('tag', 'v1', commitOf('main'));
    git('tag', 'mine', commitOf('unmerged'));
    const outfile = join(clone, 'k8s/release/dist/main.js');
    buildSync({
      entryPoints: [join(repository, 'k8s/release/src/main.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      logLevel: 'error',
    });
  });

  const stepOf = (workflow: string, step: string) =>
    stepsOf(workflows[workflow] as Workflow).find(({ name }) => name === step) as Step;

  const run = (workflow: string, step: string, given: Record<string, string>) => {
    const output = join(bin, 'output');
    writeFileSync(output, '');
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, GITHUB_OUTPUT: output, ...given };
    const words = ['-eo', 'pipefail', '-c', stepOf(workflow, step).run ?? 'exit 9'];
    const { status, stdout, stderr } = spawnSync('bash', words, { cwd: clone, env, encoding: 'utf8' });
    return { status, said: `${stdout}${stderr}`, output: readFileSync(output, 'utf8') };
  };

  const { env: settings = {}, steps: deploying = [] } = workflows['deploy.yml']?.jobs.deploy ?? {};
  const branchesOf = (environment: string) => (environment === 'staging' ? 'main,staging' : 'main');

  test('is of branches that the environment takes', () => {
    expect(settings.BRANCHES).toBe(expression("inputs.environment == 'staging' && 'main,staging' || 'main'"));
  });

  test.each([
    ['production', 'main', 0],
    ['production', 'staging', 1],
    ['production', 'unmerged', 1],
    ['staging', 'main', 0],
    ['staging', 'staging', 0],
    ['staging', 'unmerged', 1],
  ])('%s: code that %s has ends with %i', (ENVIRONMENT, checkedOut, status) => {
    git('checkout', '--quiet', '--detach', commitOf(checkedOut));
    const env = { ENVIRONMENT, BRANCHES: branchesOf(ENVIRONMENT), GITHUB_SHA: commitOf(checkedOut) };
    for (const workflow of ['deploy.yml', 'rollback.yml']) {
      expect([workflow, run(workflow, 'Only code that its branch has', env).status]).toEqual([workflow, status]);
    }
  });

  describe('deploys one commit', () => {
    const find = (RELEASE: string, environment = 'production') => {
      const step = 'The one commit of the release, which its branch has';
      return run('deploy.yml', step, { RELEASE, BRANCHES: branchesOf(environment) });
    };

    test.each([
      ['v1', 'production', 'main'],
      ['main', 'production', 'main'],
      ['staging', 'staging', 'staging'],
    ])('%s to %s', (name, environment, branch) => {
      const { status, output } = find(name, environment);
      expect([status, output]).toEqual([0, `commit=${commitOf(branch)}\n`]);
    });

    test.each([
      ['foo', 'could be'],
      ['mine', 'is not merged into main.'],
      ['unmerged', 'is not merged into main.'],
      ['staging', 'is not merged into main.'],
      ['--help', 'has no tag, branch or commit --help.'],
      ['v9', 'has no tag, branch or commit v9.'],
    ])('and not %s, which %s', (name, said) => {
      const found = find(name);
      expect([found.status, found.output]).toEqual([1, '']);
      expect(found.said).toContain(said);
    });

    test('from the code of this workflow, whatever the release is', () => {
      const checkout = deploying.find(({ uses }) => uses?.startsWith('actions/checkout@'));
      expect(checkout?.with).toEqual({ ref: expression('github.sha'), 'fetch-depth': 0, 'persist-credentials': false });
    });

    test('and tells the playbook that commit, the name it was asked for by, and whether it may go back', () => {
      writeFileSync(join(bin, 'ansible-playbook'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
      const of = { COMMIT: 'c0ffee', RELEASE: 'v1 "or so"', ENVIRONMENT: 'staging', REGISTRY: 'r' };
      const { status, said } = run('deploy.yml', 'Deploy', { ...of, ONLY_FORWARD: 'true' });
      expect(status).toBe(0);
      const [playbook, , inventory, , ...extra] = said.split('\n');
      expect([playbook, inventory]).toEqual(['ansible/deploy.yml', 'ansible/inventories/staging']);
      expect(JSON.parse(extra.join('\n'))).toEqual({
        ref: 'c0ffee',
        label: of.RELEASE,
        digests_file: `${git('rev-parse', '--show-toplevel')}/digests.json`,
        registry: 'r',
        only_forward: true,
        confirmed: true,
      });
      for (const name of ['The digests of its versions', 'Deploy']) {
        expect(stepOf('deploy.yml', name).env?.COMMIT).toBe(expression('steps.release.outputs.commit'));
      }
      expect(stepOf('deploy.yml', 'The digests of its versions').run).toContain('--ref "$COMMIT"');
    });

    test('of a push only forward, and by hand to wherever somebody says', () => {
      expect(workflows['deliver.yml']?.jobs.deploy?.with?.only_forward).toBe(true);
      expect(Object.keys(workflows['deploy.yml']?.on.workflow_dispatch?.inputs ?? {})).toEqual([
        'release',
        'environment',
      ]);
      expect(stepOf('deploy.yml', 'Deploy').env?.ONLY_FORWARD).toBe(expression('inputs.only_forward || false'));
    });
  });

  test('is a release of main alone, and its tag where a branch has the name too', () => {
    const status = (checkedOut: string, TAG: string) => {
      git('checkout', '--quiet', '--detach', commitOf(checkedOut));
      return run('release.yml', 'Only what main has', { TAG }).status;
    };
    expect(status('main', 'v1')).toBe(0);
    expect(status('main', 'foo')).toBe(0);
    expect(status('unmerged', 'foo')).toBe(1);
    expect(status('unmerged', 'mine')).toBe(1);
    expect(status('main', 'unmerged')).not.toBe(0);
    const steps = stepsOf(workflows['release.yml'] as Workflow);
    expect(steps[0]?.with?.ref).toBe(`refs/tags/${expression('github.event.release.tag_name')}`);
    expect(steps.flatMap(({ run = '' }) => run.match(/digests --.*/) ?? [])).toEqual([
      'digests --registry "$REGISTRY" --ref "refs/tags/$TAG" > digests.json',
    ]);
  });

  test.each(['deploy.yml', 'release.yml', 'rollback.yml'])('is looked at before anything of it runs: %s', (file) => {
    const withRole = Object.values((workflows[file] as Workflow).jobs).filter(
      ({ permissions }) => permissions?.['id-token'],
    );
    expect(withRole).toHaveLength(1);
    const running = withRole.flatMap(({ steps = [] }) => steps).filter(({ run }) => run !== undefined);
    expect(running.find(({ name }) => !name?.startsWith('Only what was agreed to'))?.name).toMatch(/^Only /);
  });

  test.each([
    ['deploy.yml', { AGREED: '1', GITHUB_RUN_ATTEMPT: '1' }, 0],
    ['deploy.yml', { AGREED: '2', GITHUB_RUN_ATTEMPT: '2' }, 0],
    ['deploy.yml', { AGREED: '1', GITHUB_RUN_ATTEMPT: '2' }, 1],
    // A push, which may have been rolled back since: that it would only go forward does not let it go on.
    ['deploy.yml', { AGREED: '1', GITHUB_RUN_ATTEMPT: '2', ONLY_FORWARD: 'true' }, 1],
    ['rollback.yml', { AGREED: '1', GITHUB_RUN_ATTEMPT: '1' }, 0],
    ['rollback.yml', { AGREED: '1', GITHUB_RUN_ATTEMPT: '2' }, 1],
    ['rollback.yml', { AGREED: '', GITHUB_RUN_ATTEMPT: '2' }, 1],
  ])('is what somebody agreed to, in %s with %o: ends with %i', (file, given, status) => {
    const done = run(file, 'Only what was agreed to', given as Record<string, string>);
    expect(done.status).toBe(status);
    expect(done.said).toMatch(status === 0 ? /^$/ : /^::error::Nobody agreed to this attempt, .+\.\n$/);
  });

  test.each(Object.entries(workflows))(
    'installs nothing by pip but what is locked by its hashes: %s',
    (_file, workflow) => {
      const installs = stepsOf(workflow).flatMap(({ run = '' }) => run.match(/pip install .*/g) ?? []);
      expect(installs.filter((line) => !line.startsWith('pip install --require-hashes --requirement '))).toEqual([]);
    },
  );

  test.each([
    ['production', undefined, ['refs/heads/main']],
    ['production', 'main|staging', ['refs/heads/main', 'refs/heads/staging']],
    ['staging', undefined, ['refs/heads/main', 'refs/heads/staging']],
  ])('of %s, with SIGNED_ON %s, is an image that was signed on %p', (environment, signedOn, expected) => {
    const { env } = deploying.find(({ env }) => env?.IDENTITY) as Step;
    expect(settings.SIGNED_ON).toBe(
      expression("vars.SIGNED_ON || (inputs.environment == 'staging' && 'main|staging' || 'main')"),
    );
    const values: Record<string, string> = {
      'github.server_url': 'https://github.com',
      'github.repository': 'o/r',
      'env.SIGNED_ON': signedOn ?? (environment === 'staging' ? 'main|staging' : 'main'),
    };
    const identity = new RegExp(
      String(env?.IDENTITY).replace(/\$\{\{ (.+?) \}\}/g, (_all, name) => values[name] ?? 'unknown'),
    );
    const images = 'https://github.com/o/r/.github/workflows/images.yml';
    const refs = ['refs/heads/main', 'refs/heads/staging', 'refs/heads/mine', 'refs/tags/v1', 'refs/heads/main-mine'];
    expect(refs.filter((ref) => identity.test(`${images}@${ref}`))).toEqual(expected);
  });
});

// At GitHub a job that waits for the reviewers of its environment holds the group that it is in, for up to thirty days, and each
// job of an environment with reviewers is asked for by itself.
describe("Somebody's agreement", () => {
  const environment = expression('inputs.environment');
  const jobs = Object.entries(workflows).flatMap(([file, workflow]) =>
    Object.entries(workflow.jobs).map(([name, job]) => ({ file, workflow, name, job })),
  );
  const asking = jobs.filter(({ job }) => job.environment?.endsWith('-approval'));
  const deploying = jobs.filter(({ job }) => job.environment === environment);

  test('is asked for once for a push, and once for what is done by hand', () => {
    const asked = (file: string): number =>
      Object.values(workflows[file]?.jobs ?? {})
        .map(({ uses, environment = '' }) =>
          uses ? asked(uses.replace('./.github/workflows/', '')) : Number(environment.endsWith('-approval')),
        )
        .reduce((sum, one) => sum + one, 0);
    expect(['deliver.yml', 'deploy.yml', 'rollback.yml', 'images.yml', 'release.yml'].map(asked)).toEqual([
      1, 1, 1, 0, 0,
    ]);
  });

  test('is asked for in an environment that has nothing else, by a job that may do nothing', () => {
    expect(asking.map(({ file }) => file)).toEqual(['deploy.yml', 'rollback.yml']);
    for (const { job } of asking) {
      expect(job.environment).toBe(`${environment}-approval`);
      expect(job.permissions).toEqual({});
    }
    const others = jobs.flatMap(({ job }) => (job.environment?.endsWith('-approval') ? [] : (job.environment ?? [])));
    expect([...new Set(others)].sort()).toEqual([environment, `${environment}-images`, 'production-images'].sort());
  });

  test('is waited for by nobody who holds up a deployment, or the way back', () => {
    for (const { job, workflow } of asking) {
      expect(workflow.concurrency).toBeUndefined();
      expect(job.concurrency).toBeUndefined();
    }
  });

  test('is there before a deployment, or the way back, takes its turn: one at a time in an environment', () => {
    expect(deploying.map(({ file }) => file)).toEqual(['deploy.yml', 'rollback.yml']);
    for (const { job, workflow } of deploying) {
      expect(job.concurrency?.group).toBe(`deploy-${environment}`);
      expect(job.needs).toBe('approve');
      expect(workflow.jobs.approve?.outputs?.attempt).toBe(expression('github.run_attempt'));
      const step = job.steps?.[0];
      expect([step?.name, step?.env]).toEqual([
        'Only what was agreed to',
        { AGREED: expression('needs.approve.outputs.attempt') },
      ]);
    }
  });

  test('and what each environment has, and which role is for it, is what the runbook of the first deployment says', () => {
    const page = read('docs/runbooks/first-deploy.md');
    const variables = ['', '-images', '-approval'].map((kind) => {
      const used = jobs.filter(({ job }) => job.environment?.replace('production', environment) === environment + kind);
      return [
        kind,
        used.flatMap(({ job }) => [...JSON.stringify(job).matchAll(/vars\.(\w+)/g)].map(([, name]) => name)),
      ];
    });
    for (const [kind, used] of variables as [string, string[]][]) {
      const [, , has = ''] = new RegExp(`^\\| \`production${kind}\` \\|(.*)\\|(.*)\\|$`, 'm').exec(page) ?? [];
      const said = [...has.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name);
      // Told apart, as it is for one registry for both.
      const wanted = [...new Set(used)].filter((name) => name !== 'SIGNED_ON');
      expect([kind, has !== '', said.sort()]).toEqual([kind, true, wanted.sort()]);
    }
    expect(page).toContain('trust $environment-images > images-trust.json\ntrust $environment > deploy-trust.json\n');
  });

  test('is asked for where there is an inventory: nobody picks an environment that is none', () => {
    const inventories = readdirSync(join(repository, 'ansible/inventories')).sort();
    for (const file of ['deploy.yml', 'rollback.yml']) {
      const { type, options = [] } = workflows[file]?.on.workflow_dispatch?.inputs.environment ?? { type: 'none' };
      expect([type, [...options].sort()]).toEqual(['choice', inventories]);
    }
  });
});

describe('An image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-images-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const steps = stepsOf(workflows['images.yml'] as Workflow);
  const place = (name: string) => steps.findIndex((step) => step.name === name);
  const log = join(folder, 'log');

  /** What the step asks of programs that only note what they are asked; of one, that it fails. */
  const asked = (name: string, { failing = '', unbuilt = '[]', built = {} } = {}) => {
    writeFileSync(join(folder, 'images'), 'orders 1.2.0 sha256:1\nweb 0.3.0 sha256:2\n');
    writeFileSync(log, '');
    for (const program of ['docker', 'cosign', 'node']) {
      const says =
        { node: `echo '${unbuilt}'`, docker: `echo '${JSON.stringify(built)}' > built.json` }[program] ?? ':';
      const text = `#!/bin/sh\necho "${program} $*" >> '${log}'\n${says}\n[ "${program}" != "${failing}" ]\n`;
      writeFileSync(join(folder, program), text, { mode: 0o755 });
    }
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, REGISTRY: 'r', SERVICES: services };
    const words = ['-eo', 'pipefail', '-c', steps[place(name)]?.run ?? 'exit 9'];
    const { status } = spawnSync('bash', words, { cwd: folder, env });
    return { status, lines: readFileSync(log, 'utf8').trim().split('\n') };
  };

  const services = JSON.stringify([
    { name: 'orders', version: '1.2.0', sources: '0a1b' },
    { name: 'web', version: '0.3.0', sources: '2c3d' },
  ]);
  const metadata = (digest: string) => ({ 'containerimage.digest': digest, 'buildx.build.ref': 'x' });

  test('is known from then on by the digest that it was pushed by', () => {
    const built = { web: metadata('sha256:22'), orders: metadata('sha256:11'), 'buildx.build.warnings': [] };
    expect(asked('Build, and push by digest', { built })).toEqual({
      status: 0,
      lines: ['docker buildx bake orders web --sbom=true --provenance=mode=max --metadata-file built.json'],
    });
    expect(readFileSync(join(folder, 'images'), 'utf8')).toBe('orders 1.2.0 sha256:11\nweb 0.3.0 sha256:22\n');
  });

  test.each([
    ['without a digest', { orders: metadata('sha256:11'), web: { 'buildx.build.ref': 'x' } }],
    ['that was not built', { orders: metadata('sha256:11') }],
  ])('%s is an error', (_what, built) => {
    expect(asked('Build, and push by digest', { built }).status).not.toBe(0);
  });

  test('that cannot be built is an error', () => {
    expect(asked('Build, and push by digest', { failing: 'docker' }).status).not.toBe(0);
  });

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
    // Where nobody says what it was built of, it has no such label: one that is empty would say that it was of nothing.
    expect(bake).toContain('"org.opencontainers.image.source" = SOURCE == "" ? null : SOURCE');
    expect(bake).toMatch(/function "sources_of" \{[^}]*\], null\)/);
    // By which the release tool knows it again.
    expect(bake.match(/"ticketing\.sources" = sources_of\(/g)).toHaveLength(2);
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

describe('A pull request is compared with what it is merged into', () => {
  const bases = stepsOf(workflows['pull-request.yml'] as Workflow).flatMap(({ run = '' }) =>
    [...run.matchAll(/main\.js (affected|unchanged) --base ([^\s)]+)/g)].map(([, command, base]) => [command, base]),
  );

  test('which may be newer than what it was pushed on, in a clone that has no more than the two', () => {
    expect(bases).toEqual([
      ['affected', 'HEAD^1'],
      ['unchanged', 'HEAD^1'],
    ]);
    const origin = makeRepository();
    try {
      const pushedOn = origin.commit('base');
      origin.git('switch', '--quiet', '--create', 'feature');
      origin.write('services/orders/src/feature.ts', 'one');
      origin.commit('a change without a version');
      origin.git('switch', '--quiet', 'main');
      origin.write('web/src/main.ts', 'two');
      origin.write('web/deploy/version.json', '{ "version": "1.1.0" }');
      origin.write('services/orders/src/main.ts', 'two');
      origin.write('services/orders/deploy/version.json', '{ "version": "1.1.0" }');
      origin.commit('others');
      origin.git('merge', '--quiet', '--no-ff', '--message', 'merge', 'feature');
      // Of the base that it was pushed on, others' changes are its own, and their version is enough.
      expect(affectedFolders(origin.root, pushedOn, 'HEAD')).toEqual(['services/orders', 'web']);
      expect(() => requireNewVersions(origin.root, pushedOn)).not.toThrow();

      const merged = join(origin.root, 'merged');
      origin.git('clone', '--quiet', '--depth', '2', `file://${origin.root}`, merged);
      for (const [, base = ''] of bases) {
        expect(affectedFolders(merged, base, 'HEAD')).toEqual(['services/orders']);
        expect(() => requireNewVersions(merged, base)).toThrow('they have: orders (services/orders/src/feature.ts).');
      }
    } finally {
      origin.remove();
    }
  });
});

describe('Dependabot', () => {
  const { updates } = parse(read('.github/dependabot.yml')) as {
    updates: { 'package-ecosystem': string; directory?: string; directories?: string[] }[];
  };
  // Which follow others, by hand: the Node of images their Dockerfiles, kind's the Kubernetes of EKS.
  const apart = ['tests/deploy/tools/node/package-lock.json', 'k8s/kind/cluster.yaml'];
  const files = (pattern: string, holding = /(?:)/) =>
    filesLike(pattern)
      .split('\n')
      .filter((file) => file !== '' && !apart.includes(file) && holding.test(read(file)));

  test.each([
    ['npm', files('**/package-lock.json')],
    ['gomod', files('**/go.mod')],
    ['uv', files('**/*.in')],
    ['docker', [...files('**/*Dockerfile'), ...files('k8s/**/*.yaml', /^ *image: \S+:\S+$/m)]],
  ])('looks where there is something for %s, and everywhere', (ecosystem, found) => {
    const entries = updates.filter((one) => one['package-ecosystem'] === ecosystem);
    const looked = entries.flatMap(({ directory, directories = [directory ?? ''] }) => directories);
    expect(looked.sort()).toEqual([...new Set(found.map((file) => posix.join('/', dirname(file))))].sort());
  });
});

test('What is rehearsed is rehearsed when it changes, and all that is long is run at night', () => {
  const { paths = [] } = workflows['rehearsal.yml']?.on.pull_request ?? {};
  const watched = new Set(paths.flatMap((pattern) => filesLike(pattern).split('\n')));
  const programs = importedBy('tests/deploy/rehearsal/rehearse.ts');
  expect(programs).toEqual(expect.arrayContaining(['tests/deploy/checks/definitions.ts', 'k8s/release/src/git.ts']));
  expect(programs.filter((file) => !watched.has(file))).toEqual([]);
  // What is read, and not imported.
  const inputs = ['ansible', 'components', 'dapr/runtime', 'k8s', 'tests/deploy/rehearsal', 'tests/deploy/tools'];
  expect(paths).toEqual(expect.arrayContaining(inputs.map((folder) => `${folder}/**`)));
  expect(stepsOf(workflows['rehearsal.yml'] as Workflow).map(({ run }) => run)).toContain('make rehearse');
  expect(stepsOf(workflows['nightly.yml'] as Workflow).map(({ run }) => run)).toContain('make test-all');
  expect(Object.values(workflows['nightly.yml']?.jobs ?? {}).map(({ uses }) => uses)).toContain(
    './.github/workflows/rehearsal.yml',
  );
});

test('The oldest Node that package.json lets developers have is tried at night', () => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  const versions = stepsOf(workflows['nightly.yml'] as Workflow).flatMap((step) => step.with?.['node-version'] ?? []);
  expect(versions.map((version) => `>=${version}`.replace(/\.0$/, ''))).toEqual([engines.node]);
});

/** A program and all of this repository that it imports, by their names from its root. */
function importedBy(program: string): string[] {
  // A set that grows while it is walked is walked to its end.
  const files = new Set([program]);
  for (const file of files) {
    for (const [, path = ''] of read(file).matchAll(/\bfrom '(\.[^']*)'/g)) {
      const place = posix.join(dirname(file), path.replace(/\.js$/, ''));
      const found = [`${place}.ts`, `${place}/index.ts`].find((one) => existsSync(join(repository, one)));
      expect([file, path, found]).toEqual([file, path, expect.any(String)]);
      files.add(found as string);
    }
  }
  return [...files];
}
