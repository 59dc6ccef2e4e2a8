// Linters and policies that others wrote, on every file of their kind that is committed; and each of them, shown to refuse.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { provideTools } from '../tools/provide-tools';
import { type Environment, environmentNames, renderEnvironment, repository } from './environments';

interface Linter {
  files: string[];
  words(files: string[]): [program: string, ...words: string[]];
  /** Where it is started, if that matters. */
  folder?: string;
  /** What it has to refuse. */
  bad: { path: string; lines: string[]; says: RegExp };
}

const tools = provideTools();
const settings = (name: string) => join(repository, 'tests/deploy/tools', name);
const slowMs = 300_000;

const committed = (...patterns: string[]): string[] =>
  execFileSync('git', ['ls-files', ...patterns], { cwd: repository, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);

const job = ['jobs:', '  deploy:', '    runs-on: ubuntu-99.04', '    steps:'];

const linters: Record<string, Linter> = {
  hadolint: {
    files: committed('*Dockerfile'),
    words: (files) => [tools.hadolint, ...files],
    bad: { path: 'web/Dockerfile', lines: ['FROM node:latest', 'CMD ["node"]'], says: /DL3007/ },
  },
  yamllint: {
    // Those of ansible are looked at by its own linter.
    files: committed('*.yml', '*.yaml').filter((path) => !path.startsWith('ansible/')),
    words: (files) => [tools.yamllint, '--strict', '-c', settings('yamllint.yaml'), ...files],
    bad: { path: 'skaffold.yaml', lines: ['a: 1', 'a: 2'], says: /duplication of key "a"/ },
  },
  shellcheck: {
    files: committed('*.sh', '.ci/run'),
    words: (files) => [tools.shellcheck, ...files],
    bad: { path: '.ci/run', lines: ['#!/bin/sh', 'rm -r $1/bin'], says: /SC2086/ },
  },
  actionlint: {
    files: committed('.github/workflows'),
    words: (files) => [tools.actionlint, '-shellcheck', tools.shellcheck, '-pyflakes', '', '-no-color', ...files],
    bad: {
      path: '.github/workflows/deploy.yml',
      lines: ['on: push', ...job, '      - run: echo'],
      says: /label "ubuntu-99.04" is unknown/,
    },
  },
  zizmor: {
    files: committed('.github/workflows', '.github/dependabot.yml'),
    words: (files) => [
      ...([tools.zizmor, '--offline', '--quiet', '--strict-collection', '--format', 'github'] as const),
      ...['--config', join(repository, '.github/zizmor.yml'), ...files],
    ],
    bad: {
      path: '.github/workflows/deploy.yml',
      lines: ['on: pull_request_target', ...job, '      - uses: actions/checkout@v4'],
      says: /dangerous-triggers/,
    },
  },
  'ansible-lint': {
    files: committed('ansible/*.yml'),
    folder: 'ansible',
    // Told one by one: of a folder it takes none, and says that all passed.
    words: (files) => [
      tools.ansibleLint,
      '-q',
      '--nocolor',
      '--config-file',
      settings('ansible-lint.yaml'),
      ...files.map((file) => relative('ansible', file)),
    ],
    bad: {
      path: 'ansible/status.yml',
      lines: ['- name: Status', '  hosts: cluster', '  tasks:', '    - name: Look', '      shell: whoami'],
      says: /fqcn/,
    },
  },
};

describe.each(Object.entries(linters))('%s', (_name, { files, words, folder = '', bad }) => {
  test(
    'is pleased with what is committed',
    () => {
      expect(files).toContain(bad.path);
      expect(run(words(files), join(repository, folder))).toEqual({ status: 0, said: '' });
    },
    slowMs,
  );

  test(
    'refuses what is not as it should be',
    () => {
      const { status, said } = inScratch({ [bad.path]: `${bad.lines.join('\n')}\n` }, (scratch) =>
        run(words([bad.path]), join(scratch, folder)),
      );
      expect(said).toMatch(bad.says);
      expect(status).not.toBe(0);
    },
    slowMs,
  );
});

describe('Checkov', () => {
  const words = (files: string[]): [string, ...string[]] => [
    ...([tools.checkov, '--config-file', settings('checkov.yaml')] as const),
    ...files.flatMap((file) => ['--file', file]),
  ];
  /** Not those for `skaffold dev`, in which pods change their own files. */
  const forDevelopment: Environment[] = ['kind for development', 'kind without the web client'];
  const deployed = environmentNames.filter((name) => !forDevelopment.includes(name));

  test(
    'finds no fault in what is deployed',
    () => {
      const manifests = Object.fromEntries(deployed.map((name, index) => [`${index}.yaml`, renderEnvironment(name)]));
      const found = inScratch(manifests, (scratch) => run(words(Object.keys(manifests)), scratch));
      expect(found.said).toMatch(/Passed checks: [1-9]\d{3}, Failed checks: 0, Skipped checks: 0$/);
      expect(found.status).toBe(0);
    },
    slowMs,
  );

  test(
    'refuses a pod below the restricted profile, no limit, no probe, no network policy and the latest image',
    () => {
      const breakers: [good: string | RegExp, bad: string, policy: string][] = [
        [/allowPrivilegeEscalation: false/g, 'allowPrivilegeEscalation: true', 'CKV_K8S_20'],
        [/limits:\n\s+cpu: .*\n\s+memory: .*\n/g, 'limits: {}\n', 'CKV_K8S_13'],
        ['readinessProbe:', 'lifecycle:', 'CKV_K8S_9'],
        ['kind: NetworkPolicy', 'kind: NoPolicy', 'CKV2_K8S_6'],
        [/(image: ticketing-\w+):.*/g, '$1:latest', 'CKV_K8S_14'],
      ];
      const broken = breakers.reduce((text, [good, bad]) => text.replaceAll(good, bad), renderEnvironment('kind'));
      const { status, said } = inScratch({ 'bad.yaml': broken }, (scratch) => run(words(['bad.yaml']), scratch));
      for (const [, , policy] of breakers) expect(said).toContain(`${policy}:`);
      expect(status).toBe(1);
    },
    slowMs,
  );
});

test('What is installed is what is asked for, and Ansible is linted as the playbooks run it', () => {
  const pins = (text: string) => text.match(/^[\w-]+==[\w.]+/gm) ?? [];
  const read = (file: string) => readFileSync(join(repository, file), 'utf8');
  const playbooks = pins(read('ansible/requirements.in'));
  const files = committed('*.in');
  expect(files).toEqual(expect.arrayContaining(['ansible/requirements.in', 'tests/deploy/tools/requirements.in']));
  for (const file of files) {
    const asked = [...pins(read(file)), ...(file.endsWith('/ansible-lint.in') ? playbooks : [])];
    const locked = read(file.replace(/in$/, 'txt'));
    expect([file, asked.length > 0]).toEqual([file, true]);
    expect(pins(locked)).toEqual(expect.arrayContaining(asked));
    // One without a hash, and pip refuses all of them.
    const entries = locked.split(/\n(?=[\w-]+==)/).slice(1);
    expect(entries.filter((entry) => !/--hash=sha256:[0-9a-f]{64}/.test(entry))).toEqual([]);
  }
});

function run([program, ...words]: [string, ...string[]], cwd: string): { status: number | null; said: string } {
  const env = { ...process.env, PATH: `${dirname(program)}${delimiter}${process.env.PATH}`, NO_COLOR: '1' };
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error) throw error;
  return { status, said: `${stdout}${stderr}`.trim() };
}

function inScratch<Result>(files: Record<string, string>, work: (folder: string) => Result): Result {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'ticketing-linted-')));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(scratch, path)), { recursive: true });
      writeFileSync(join(scratch, path), text);
    }
    return work(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
