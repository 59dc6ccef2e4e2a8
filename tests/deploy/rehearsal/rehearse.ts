// `make rehearse`: releases of this repository deployed by the real playbooks to a real control plane on loopback. Pods
// do not run there: kwok calls them ready, and the smoke test meets a server of ours, which can be told to fail.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse, stringify } from 'yaml';
import { definitionSources } from '../checks/definitions';
import { goModuleFolder } from '../tools/provide-tools';
import { startControlPlane } from './control-plane';
import { provideAnsible, provideControlPlane } from './provide-programs';

const repository = resolve(__dirname, '../../..');
const context = 'rehearsal';

interface Outcome {
  code: number;
  output: string;
  /** Of the play's recap. */
  changed: number;
}

const started = Date.now();
const tell = (line: string) =>
  process.stdout.write(`[${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s] ${line}\n`);

const faults: string[] = [];
function expect(what: string, holds: boolean, seen: () => string): void {
  tell(`${holds ? '   ok' : 'WRONG'}  ${what}`);
  if (holds) return;
  faults.push(what);
  process.stdout.write(`${seen()}\n`);
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(
      'Rehearses deployments: releases go to a real Kubernetes control plane on this machine, by the playbooks in ansible/.\n\nUsage: make rehearse\nNeeds Go (the control plane is built once, in about ten minutes), Python 3 and git. Exit code 1: something went wrong.\n',
    );
    return;
  }
  const programs = provideControlPlane(tell);
  const ansible = provideAnsible(tell);
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-rehearsal-'));
  const site = await startSite();
  tell('starting the control plane ...');
  const plane = await startControlPlane({ programs, folder: made(folder, 'plane'), context, nodes: 3 });
  try {
    await rehearse({ folder, plane, site, path: [ansible, programs].join(delimiter) });
  } finally {
    await plane.stop();
    site.server.close();
    rmSync(folder, { recursive: true, force: true });
  }
  tell(faults.length === 0 ? 'All went as it should.' : `${faults.length} went wrong: ${faults.join('; ')}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

interface Stage {
  folder: string;
  plane: Awaited<ReturnType<typeof startControlPlane>>;
  site: Site;
  /** Where the programs are, before what the machine has. */
  path: string;
}

async function rehearse({ folder, plane, site, path }: Stage): Promise<void> {
  tell('installing the definitions of Dapr and cert-manager, and the secrets ...');
  for (const [module = '', version = '', where = ''] of definitionSources()) {
    const definitions = join(goModuleFolder(module, version), where);
    plane.kubectl(['apply', '--server-side', '--filename', definitions]);
  }
  plane.kubectl(['apply', '--server-side', '--filename', join(repository, 'k8s/base/namespace.yaml')]);
  const git = cloneOf(join(folder, 'repository'));
  const inventory = writeInventory(folder, site.url);
  const play = (name: string, variables: Record<string, unknown> = {}, words: string[] = []) =>
    runPlaybook({ git, inventory, path, plane, name, variables, words });
  const images = () => imagesIn(plane.kubectl);
  const rolled = ({ output }: Outcome) => /Rolled: ([^.]*)\./.exec(output)?.[1]?.replaceAll(/\s+/g, ' ');

  tell('release A without the secrets that it needs');
  git.release('A', {});
  const poor = await play('deploy', { ref: 'A' });
  expect(
    'it is refused, and names a secret',
    poor.code !== 0 && /lacks .* of the secret/.test(poor.output),
    () => poor.output,
  );
  expect('nothing was applied', Object.keys(images()).length === 0, () => JSON.stringify(images()));
  plane.kubectl(['apply', '--server-side', '--filename', '-'], stringify(secretsIn(git.root)));

  tell('release A');
  const first = await play('deploy', { ref: 'A' });
  expect('it is deployed', first.code === 0, () => first.output);
  const afterA = images();
  expect('every service runs it', Object.keys(afterA).length >= 7, () => JSON.stringify(afterA));

  tell('release A again');
  const again = await play('deploy', { ref: 'A' });
  expect('nothing changes', again.code === 0 && again.changed === 0 && rolled(again) === 'nothing', () => again.output);

  tell('release B, with two versions changed');
  git.release('B', { 'services/orders': '0.2.0', web: '0.3.0' });
  const looked = await play('deploy', { ref: 'B' }, ['--check']);
  expect('--check tells and changes nothing', looked.code === 0 && same(images(), afterA), () => looked.output);
  const second = await play('deploy', { ref: 'B' });
  expect('only those two roll', second.code === 0 && rolled(second) === 'orders, web', () => second.output);
  const afterB = images();
  expect('they run their new versions', afterB.orders?.includes(':0.2.0') === true, () => JSON.stringify(afterB));

  tell('release C, whose orders never become ready, and with another Dapr component');
  git.write('k8s/base/orders/kustomization.yaml', (text) =>
    text.replace('patches:\n', `patches:\n${indented(neverScheduled)}`),
  );
  git.write('components/eks/sessions.yaml', (text) =>
    text.replace(/(\n {2}metadata:\n)/, '$1    - name: maxRetries\n      value: "7"\n'),
  );
  git.release('C', { 'services/orders': '0.4.0', 'services/tickets': '0.4.0' });
  const third = await play('deploy', { ref: 'C', rollout_timeout_seconds: 15 });
  expect(
    'it fails, and says that all is back',
    third.code !== 0 && /Everything is back at B/.test(third.output),
    () => third.output,
  );
  expect('every image is that of B', same(images(), afterB), () => JSON.stringify(images()));
  const sessions = plane.kubectl(['--namespace', 'ticketing', 'get', 'component', 'sessions', '--output', 'yaml']);
  expect('so are the Dapr components', !sessions.includes('maxRetries'), () => sessions);

  tell('release D, that visitors cannot use');
  git.git('revert', '--no-edit', 'HEAD');
  git.release('D', { 'services/auth': '0.5.0' });
  site.fails = true;
  const fourth = await play('deploy', { ref: 'D', smoke_retries: 2, smoke_delay_seconds: 1 });
  site.fails = false;
  expect(
    'it fails at the smoke test, and all is back',
    fourth.code !== 0 && same(images(), afterB),
    () => fourth.output,
  );

  tell('back to A');
  const back = await play('rollback');
  expect('A runs again', back.code === 0 && same(images(), afterA), () => back.output);
  const status = await play('status');
  expect('status tells so', status.code === 0 && /runs A/.test(status.output), () => status.output);

  tell('what cannot be deployed');
  git.write('services/orders/deploy/version.json', () => '{ "version": "one" }');
  git.release('E', {});
  const digests = join(folder, 'digests.json');
  writeFileSync(digests, '{"orders": "sha256:1"}');
  const wrong: [what: string, variables: Record<string, unknown>, sentence: RegExp][] = [
    ['a tag that is not there', { ref: 'nowhere' }, /no release, commit or branch nowhere/],
    ['a version that is none', { ref: 'E' }, /version\.json at E must be/],
    ['no release', {}, /Say what to deploy/],
    ['a release without images', { ref: 'B', digests_file: digests }, /B has no image for .*tickets/],
    ['a context that is not there', { ref: 'B', kube_context: 'elsewhere' }, /knows no context elsewhere/],
    ["nobody's word for it", { ref: 'B', ask_before_changes: true }, /That is not rehearsal: nothing was changed/],
  ];
  for (const [what, variables, sentence] of wrong) {
    const outcome = await play('deploy', variables);
    const plain = outcome.output.replaceAll(/\s+/g, ' ');
    expect(
      `${what}: one sentence, and nothing applied`,
      outcome.code !== 0 && sentence.test(plain) && same(images(), afterA),
      () => outcome.output,
    );
  }
  await plane.stop();
  const away = await play('deploy', { ref: 'B' });
  expect(
    'a cluster that is away: one sentence',
    away.code !== 0 && /rehearsal does not answer/.test(away.output),
    () => away.output,
  );
}

/** A node that no cluster has. */
const neverScheduled = `- target:
    kind: Deployment
  patch: |-
    - op: add
      path: /spec/template/spec/nodeSelector
      value:
        absent: "true"
`;
const indented = (lines: string) => lines.replaceAll(/^(?=.)/gm, '  ');

const same = (one: object, other: object) => JSON.stringify(one) === JSON.stringify(other);

function imagesIn(kubectl: Stage['plane']['kubectl']): Record<string, string> {
  const { items } = JSON.parse(kubectl(['--namespace', 'ticketing', 'get', 'deployments', '--output', 'json'])) as {
    items: { metadata: { name: string }; spec: { template: { spec: { containers: { image: string }[] } } } }[];
  };
  return Object.fromEntries(
    items.map(({ metadata, spec }) => [metadata.name, spec.template.spec.containers[0]?.image ?? '']),
  );
}

interface Clone {
  root: string;
  git(...words: string[]): void;
  write(file: string, change: (text: string) => string): void;
  /** Commits what was written, with these versions, under a tag. */
  release(tag: string, versions: Record<string, string>): void;
}

/** What is committed here, to make releases of. */
function cloneOf(root: string): Clone {
  execFileSync('git', ['clone', '--quiet', repository, root], { stdio: 'pipe' });
  const git = (...words: string[]) => void execFileSync('git', ['-C', root, ...words], { stdio: 'pipe' });
  git('config', 'user.name', 'Rehearsal');
  git('config', 'user.email', 'rehearsal@example.com');
  git('config', 'commit.gpgsign', 'false');
  return {
    root,
    git,
    write: (file, change) => writeFileSync(join(root, file), change(readFileSync(join(root, file), 'utf8'))),
    release(tag, versions) {
      for (const [where, version] of Object.entries(versions)) {
        writeFileSync(join(root, where, 'deploy/version.json'), JSON.stringify({ version }));
      }
      git('commit', '--quiet', '--all', '--allow-empty', '--message', tag);
      git('tag', tag);
    },
  };
}

function writeInventory(folder: string, siteUrl: string): string {
  const where = made(folder, 'inventory');
  cpSync(join(repository, 'ansible/inventories/production/hosts.yml'), join(where, '1-production.yml'));
  const vars = { kube_context: context, smoke_url: siteUrl, ask_before_changes: false, rollout_timeout_seconds: 120 };
  writeFileSync(join(where, '2-rehearsal.yml'), stringify({ all: { vars } }));
  return where;
}

interface Play {
  git: Clone;
  inventory: string;
  path: string;
  plane: Stage['plane'];
  name: string;
  variables: Record<string, unknown>;
  words: string[];
}

async function runPlaybook({ git, inventory, path, plane, name, variables, words }: Play): Promise<Outcome> {
  const child = spawn(
    'ansible-playbook',
    [`ansible/${name}.yml`, '--inventory', inventory, '--extra-vars', JSON.stringify(variables), ...words],
    {
      cwd: git.root,
      env: {
        ...process.env,
        PATH: [path, process.env.PATH].join(delimiter),
        KUBECONFIG: plane.kubeconfig,
        ANSIBLE_CONFIG: join(git.root, 'ansible/ansible.cfg'),
        ANSIBLE_NOCOLOR: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, output: out + err, changed: Number(/changed=(\d+)/.exec(out)?.[1] ?? -1) };
}

/** Of the values that stand for secrets here, none is looked at by anybody. */
function secretsIn(root: string) {
  const required = readFileSync(join(root, 'components/eks/required-secrets.yaml'), 'utf8');
  const { kubernetes } = parse(required) as { kubernetes: Record<string, string[]> };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: Object.entries(kubernetes).map(([name, keys]) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'ticketing' },
      stringData: Object.fromEntries(keys.map((key) => [key, 'rehearsal'])),
    })),
  };
}

interface Site {
  url: string;
  /** Answers 503 while set. */
  fails: boolean;
  server: ReturnType<typeof createServer>;
}

/** What visitors would reach, were pods running. */
async function startSite(): Promise<Site> {
  const site: Site = { url: '', fails: false, server: createServer() };
  site.server.on('request', (_request, response) => response.writeHead(site.fails ? 503 : 200).end('{}'));
  site.server.listen(0, '127.0.0.1');
  await once(site.server, 'listening');
  site.url = `http://127.0.0.1:${(site.server.address() as AddressInfo).port}`;
  return site;
}

function made(...path: string[]): string {
  const folder = join(...path);
  mkdirSync(folder, { recursive: true });
  return folder;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
