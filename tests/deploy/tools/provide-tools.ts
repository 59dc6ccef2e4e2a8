// The programs that check what is deployed, of pinned versions, got by their registries into the cache that `make run`
// uses too: by pip from requirements.txt and its neighbours (each file an environment of its own, with the hashes of all
// that is in it), by go from go.mod. What cannot be had is an error that names it, never a check that is left out.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { defaultCacheDir } from '../../../dapr/local/src/provision';

const repository = resolve(__dirname, '../../..');

export interface Tools {
  actionlint: string;
  /** Finds `ansible-playbook` beside itself, and nowhere else. */
  ansibleLint: string;
  checkov: string;
  hadolint: string;
  kubernetesValidate: string;
  kustomize: string;
  shellcheck: string;
  yamllint: string;
  zizmor: string;
}

/** @throws Error naming the program that is missing on this machine, and what it is needed for */
export function provideTools(env: NodeJS.ProcessEnv = process.env): Tools {
  const linters = installPython('deploy-checks-python', 'requirements.txt', 'what lints', env);
  const checkov = installPython('deploy-checks-checkov', 'checkov.txt', 'checkov', env);
  const ansible = installPython('deploy-checks-ansible', 'ansible-lint.txt', 'ansible-lint', env);
  const go = madeOnce('deploy-checks-go', ['go.mod', 'go.sum'], (folder) => buildGo(folder, env), env);
  return {
    actionlint: join(go, 'actionlint'),
    ansibleLint: join(ansible, 'bin/ansible-lint'),
    checkov: join(checkov, 'bin/checkov'),
    hadolint: join(linters, 'bin/hadolint'),
    kubernetesValidate: join(linters, 'bin/kubernetes-validate'),
    kustomize: join(go, 'kustomize'),
    shellcheck: join(linters, 'bin/shellcheck'),
    yamllint: join(linters, 'bin/yamllint'),
    zizmor: join(linters, 'bin/zizmor'),
  };
}

/** @returns a virtual environment with what the file locks, which is named from here */
export function installPython(
  name: string,
  requirements: string,
  what: string,
  env: NodeJS.ProcessEnv = process.env,
): string {
  return madeOnce(
    name,
    [requirements],
    (folder) => {
      const file = resolve(__dirname, requirements);
      need('python3', `${what} is installed with it (${relative(repository, file)})`, env);
      execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe', env });
      const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes'];
      execFileSync(join(folder, 'bin/python'), [...words, '--requirement', file], { stdio: 'pipe', env });
    },
    env,
  );
}

function buildGo(folder: string, env: NodeJS.ProcessEnv): void {
  need('go', 'kustomize and actionlint are built with it (tests/deploy/tools/go.mod)', env);
  const packages = ['sigs.k8s.io/kustomize/kustomize/v5', 'github.com/rhysd/actionlint/cmd/actionlint'];
  execFileSync('go', ['build', '-trimpath', '-o', `${folder}/`, ...packages], { cwd: __dirname, stdio: 'pipe', env });
}

/** The folder of a published Go module, whose files are read and not built: definitions of Kubernetes resources. */
export function goModuleFolder(module: string, version: string, env: NodeJS.ProcessEnv = process.env): string {
  need('go', `the resource definitions of ${module} come with its module`, env);
  const words = ['mod', 'download', '-json', `${module}@${version}`];
  const answer = execFileSync('go', words, { cwd: __dirname, encoding: 'utf8', stdio: 'pipe', env });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

/** Made where it stays, since a virtual environment knows its place; whole once its mark is there. */
export function madeOnce(
  name: string,
  pins: string[],
  make: (folder: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const hash = createHash('sha256');
  for (const pin of pins) hash.update(readFileSync(resolve(__dirname, pin)));
  const folder = join(
    defaultCacheDir(env),
    name,
    `${hash.digest('hex').slice(0, 16)}-${process.platform}-${process.arch}`,
  );
  const mark = `${folder}.complete`;
  if (existsSync(mark)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  make(folder);
  const draft = `${mark}.${process.pid}`;
  mkdirSync(draft);
  renameSync(draft, mark);
  return folder;
}

/** @throws Error when it is not there */
export function need(program: string, reason: string, env: NodeJS.ProcessEnv = process.env): void {
  try {
    execFileSync(program, [program === 'go' ? 'version' : '--version'], { stdio: 'pipe', env });
  } catch (cause) {
    throw new Error(`${program} is missing on this machine, and ${reason}: install it.`, { cause });
  }
}
