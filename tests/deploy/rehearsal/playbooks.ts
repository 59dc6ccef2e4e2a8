// Runs the playbooks as an operator does: with production's inventory, and over it what is another way here.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { stringify } from 'yaml';
import { tell } from './report';

export interface Outcome {
  /** None of one that was killed. */
  code: number | null;
  output: string;
  /** Of the play's recap; -1 when there is none. */
  changed: number;
  /** Its last message, in one line: Ansible breaks lines where it likes. */
  said: string;
}

export type Play = (
  name: string,
  variables?: Record<string, unknown>,
  words?: string[],
  /** Killed as soon as it says this. */
  cutOffAt?: RegExp,
) => Promise<Outcome>;

interface Options {
  /** Of the repository whose playbooks they are. */
  root: string;
  folder: string;
  /** Where the programs are, before what the machine has. */
  path: string;
  kubeconfig: string;
  env: Record<string, string>;
  settings: Record<string, unknown>;
}

export function playbooks({ root, folder, path, kubeconfig, env: more, settings }: Options): Play {
  const inventory = join(folder, 'inventory');
  mkdirSync(inventory);
  cpSync(join(root, 'ansible/inventories/production/hosts.yml'), join(inventory, '1-production.yml'));
  writeFileSync(join(inventory, '2-rehearsal.yml'), stringify({ all: { vars: settings } }));
  const env = {
    ...process.env,
    ...more,
    PATH: [path, process.env.PATH].join(delimiter),
    KUBECONFIG: kubeconfig,
    ANSIBLE_CONFIG: join(root, 'ansible/ansible.cfg'),
    ANSIBLE_HOME: join(folder, 'ansible'),
    ANSIBLE_NOCOLOR: '1',
    HELM_CACHE_HOME: join(folder, 'helm/cache'),
    HELM_CONFIG_HOME: join(folder, 'helm/config'),
    HELM_DATA_HOME: join(folder, 'helm/data'),
  };
  return async (name, variables = {}, words = [], cutOffAt) => {
    const child = spawn(
      'ansible-playbook',
      [`ansible/${name}.yml`, '--inventory', inventory, '--extra-vars', JSON.stringify(variables), ...words],
      { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    if (cutOffAt) killAt(child, cutOffAt);
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    const said = lastMessage(out);
    tell(`       ${name}${words.map((word) => ` ${word}`).join('')}: ${said}`);
    return { code, output: out + err, changed: Number(/changed=(\d+)/.exec(out)?.[1] ?? -1), said };
  };
}

function killAt(child: ChildProcess, sign: RegExp): void {
  let seen = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    if (sign.test(seen)) killWhole(child);
  });
}

/** As a machine that is gone: what it had started would wait for it for ever. */
function killWhole({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  const lines = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const parents = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    parents.flatMap(([one = 0, of]) => (of === parent ? [one, ...below(one)] : []));
  for (const one of [pid, ...below(pid)]) {
    try {
      process.kill(one, 'SIGKILL');
    } catch (error) {
      // It has ended by itself meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

const lastMessage = (output: string): string => {
  const [first = '', ...lines] = (output.split(/^ {4}msg: ?/m).at(-1) ?? '').split('\n');
  const end = lines.findIndex((line) => !/^( {8}| {4}- )/.test(line));
  const message = [first, ...lines.slice(0, end === -1 ? lines.length : end)].join(' ').replaceAll(/\s+/g, ' ').trim();
  return message
    .replace(/^\|-? |^>-? /, '')
    .replace(/^(['"])(.*)\1$/, '$2')
    .replaceAll("''", "'");
};
