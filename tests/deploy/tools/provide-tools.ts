// The programs that check what is deployed, of pinned versions, got by their registries into the cache that `make run`
// uses too: from requirements.txt by pip, from go.mod by go. What cannot be had is an error that names it, never a check
// that is left out.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defaultCacheDir } from '../../../dapr/local/src/provision';

export interface Tools {
  hadolint: string;
  kubernetesValidate: string;
  kustomize: string;
  shellcheck: string;
  yamllint: string;
}

/** @throws Error naming the program that is missing on this machine, and what it is needed for */
export function provideTools(env: NodeJS.ProcessEnv = process.env): Tools {
  const installPython = (folder: string) => {
    const installed = 'hadolint, yamllint, shellcheck and kubernetes-validate are installed with it (requirements.txt)';
    need('python3', installed, env);
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe', env });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement'];
    const requirements = join(__dirname, 'requirements.txt');
    execFileSync(join(folder, 'bin/python'), [...pip, requirements], { stdio: 'pipe', env });
  };
  const buildGo = (folder: string) => {
    need('go', 'kustomize is built with it (go.mod)', env);
    const words = ['build', '-trimpath', '-o', join(folder, 'kustomize'), 'sigs.k8s.io/kustomize/kustomize/v5'];
    execFileSync('go', words, { cwd: __dirname, stdio: 'pipe', env });
  };
  const python = madeOnce('deploy-checks-python', ['requirements.txt'], installPython, env);
  const go = madeOnce('deploy-checks-go', ['go.mod', 'go.sum'], buildGo, env);
  const program = (name: string) => join(python, 'bin', name);
  return {
    hadolint: program('hadolint'),
    kubernetesValidate: program('kubernetes-validate'),
    kustomize: join(go, 'kustomize'),
    shellcheck: program('shellcheck'),
    yamllint: program('yamllint'),
  };
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
