// The programs of the rehearsal, built once from pinned modules: Kubernetes takes minutes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { madeOnce, need } from '../tools/provide-tools';

/** By the folder of the module that pins them: the path of each. */
const modules: Record<string, Record<string, string>> = {
  kwok: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
  'control-plane': {
    etcd: 'go.etcd.io/etcd/server/v3',
    kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
    'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
    'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  },
};

const repository = join(__dirname, '../../..');

/** A folder with the programs of a control plane. @throws Error naming what is missing on this machine */
export function provideControlPlane(tell: (line: string) => void): string {
  const pins = Object.keys(modules).flatMap((name) => [
    join(__dirname, name, 'go.mod'),
    join(__dirname, name, 'go.sum'),
  ]);
  return madeOnce('rehearsal-control-plane', pins, (folder) => {
    need('go', 'the Kubernetes control plane is built with it (go.mod)');
    for (const [module, programs] of Object.entries(modules)) {
      for (const [name, path] of Object.entries(programs)) {
        tell(`building ${name} ...`);
        const words = ['build', '-trimpath', '-ldflags', `-s -w ${versionFlag}`, '-o', join(folder, name), path];
        execFileSync('go', words, { cwd: join(__dirname, module), stdio: 'pipe' });
      }
    }
  });
}

/** Clients cannot read the version of a server that does not know its own. */
const versionFlag = `-X k8s.io/component-base/version.gitVersion=${
  /k8s\.io\/kubernetes (v\S+)/.exec(readFileSync(join(__dirname, 'control-plane/go.mod'), 'utf8'))?.[1]
}`;

/** A folder with `ansible-playbook`. */
export function provideAnsible(tell: (line: string) => void): string {
  const requirements = join(repository, 'ansible/requirements.txt');
  const folder = madeOnce('rehearsal-ansible', [requirements], (made) => {
    need('python3', 'ansible is installed with it (ansible/requirements.txt)');
    tell('installing ansible ...');
    execFileSync('python3', ['-m', 'venv', made], { stdio: 'pipe' });
    const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
    execFileSync(join(made, 'bin/python'), words, { stdio: 'pipe' });
  });
  return join(folder, 'bin');
}
