// The programs of the rehearsal, built once from pinned modules: Kubernetes takes minutes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPython, madeOnce, need } from '../tools/provide-tools';

export interface Programs {
  /** @returns where it is */
  program(name: string): string;
  /** All their folders, as in `PATH`. */
  path: string;
}

/** By the folder of the module that pins them: the path of each. */
const modules: Record<string, Record<string, string>> = {
  kwok: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
  helm: { helm: 'helm.sh/helm/v3/cmd/helm' },
  'control-plane': {
    etcd: 'go.etcd.io/etcd/server/v3',
    kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
    'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
    'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  },
  dapr: {
    sentry: 'github.com/dapr/dapr/cmd/sentry',
    operator: 'github.com/dapr/dapr/cmd/operator',
    injector: 'github.com/dapr/dapr/cmd/injector',
  },
};

const repository = join(__dirname, '../../..');

/** Of Python, by what locks them. */
const commands: Record<string, string[]> = {
  'ansible/requirements.txt': ['ansible-playbook'],
  'tests/deploy/rehearsal/aws/requirements.txt': ['aws', 'moto_server'],
};

/** @throws Error naming what is missing on this machine */
export function providePrograms(tell: (line: string) => void): Programs {
  const folders: Record<string, string> = {};
  for (const [requirements, programs] of Object.entries(commands)) {
    const [name = ''] = programs;
    tell(`providing ${name} ...`);
    const folder = join(installPython(`rehearsal-${name}`, join(repository, requirements), name), 'bin');
    for (const program of programs) folders[program] = folder;
  }
  for (const [module, programs] of Object.entries(modules)) {
    const folder = builtModule(module, programs, tell);
    for (const name of Object.keys(programs)) folders[name] = folder;
  }
  return {
    program: (name) => join(folders[name] ?? '', name),
    path: [...new Set(Object.values(folders))].join(delimiter),
  };
}

function builtModule(module: string, programs: Record<string, string>, tell: (line: string) => void): string {
  const source = join(__dirname, module);
  return madeOnce(`rehearsal-${module}`, [join(source, 'go.mod'), join(source, 'go.sum')], (folder) => {
    need('go', `what the rehearsal deploys to is built with it (${source})`);
    for (const [name, path] of Object.entries(programs)) {
      tell(`building ${name} ...`);
      const words = ['build', '-mod=readonly', '-trimpath', '-ldflags', `-s -w ${versions}`];
      execFileSync('go', [...words, '-o', join(folder, name), path], {
        cwd: source,
        env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-buildvcs=false' },
        stdio: 'pipe',
      });
    }
  });
}

/** Clients cannot read the version of a server that does not know its own. */
const versions = `-X k8s.io/component-base/version.gitVersion=${
  /k8s\.io\/kubernetes (v\S+)/.exec(readFileSync(join(__dirname, 'control-plane/go.mod'), 'utf8'))?.[1]
}`;
