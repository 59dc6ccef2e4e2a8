// The programs that check what is deployed, of pinned versions, got by their registries into the cache that `make run`
// uses too: from requirements.txt by pip, from go.mod by go. What cannot be had is an error that names it, never a check
// that is left out.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCacheDir } from '../../../dapr/local/src/provision';

export interface Tools {
  hadolint: string;
  kubernetesValidate: string;
  kustomize: string;
  shellcheck: string;
  yamllint: string;
}

/** @throws Error naming the program that is missing on this machine, and what it is needed for */
export function provideTools(): Tools {
  const python = madeOnce('deploy-checks-python', ['requirements.txt'], (folder) => {
    need('python3', 'hadolint, yamllint, shellcheck and kubernetes-validate are installed with it (requirements.txt)');
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement'];
    execFileSync(join(folder, 'bin/python'), [...words, join(__dirname, 'requirements.txt')], { stdio: 'pipe' });
  });
  const go = madeOnce('deploy-checks-go', ['go.mod', 'go.sum'], (folder) => {
    need('go', 'kustomize is built with it (go.mod)');
    mkdirSync(folder, { recursive: true });
    const words = ['build', '-trimpath', '-o', join(folder, 'kustomize'), 'sigs.k8s.io/kustomize/kustomize/v5'];
    execFileSync('go', words, { cwd: __dirname, stdio: 'pipe' });
  });
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
export function goModuleFolder(module: string, version: string): string {
  need('go', `the resource definitions of ${module} come with its module`);
  const words = ['mod', 'download', '-json', `${module}@${version}`];
  const answer = execFileSync('go', words, { cwd: __dirname, encoding: 'utf8', stdio: 'pipe' });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

/** Made where it stays, since a virtual environment knows its place; whole once its mark is there. */
function madeOnce(name: string, pins: string[], make: (folder: string) => void): string {
  const hash = createHash('sha256');
  for (const pin of pins) hash.update(readFileSync(join(__dirname, pin)));
  const folder = join(
    defaultCacheDir(),
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

function need(program: string, reason: string): void {
  try {
    execFileSync(program, [program === 'go' ? 'version' : '--version'], { stdio: 'pipe' });
  } catch (cause) {
    throw new Error(`${program} is missing on this machine, and ${reason}: install it.`, { cause });
  }
}
