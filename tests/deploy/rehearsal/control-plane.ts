// A real Kubernetes control plane on loopback, without containers: etcd, API server, controllers and scheduler, and kwok
// in place of kubelets, which calls every pod that is scheduled ready. All state is in a folder of its own.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../../setup/free-port';
import { processesIn } from './processes';
import type { Programs } from './provide-programs';

export interface ControlPlane {
  /** For `KUBECONFIG`; its one context has the name that was asked for. */
  kubeconfig: string;
  /** @throws Error with what kubectl said, when it fails */
  kubectl(words: string[], input?: string): string;
  apply(...resources: object[]): void;
  /** A kubeconfig for who has this token, and nobody's rights but his. */
  kubeconfigFor(token: string): string;
  stop(): Promise<void>;
}

interface Options {
  programs: Programs;
  /** An empty folder. */
  folder: string;
  context: string;
  nodes: number;
}

export async function startControlPlane({ programs, folder, context, nodes }: Options): Promise<ControlPlane> {
  const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const processes = processesIn(folder);
  const run = (name: string, words: string[]) => processes.start(name, programs.program(name), words);
  const kubeconfig = join(folder, 'kubeconfig');
  const token = randomBytes(16).toString('hex');
  const keyFile = join(folder, 'service-accounts.key');
  const tokenFile = join(folder, 'tokens.csv');
  const kubeconfigFor = (bearer: string) => stringify(kubeconfigOf(context, `https://127.0.0.1:${apiPort}`, bearer));
  writeFileSync(keyFile, newKey(), { mode: 0o600 });
  writeFileSync(tokenFile, `${token},rehearsal,rehearsal,"system:masters"\n`, { mode: 0o600 });
  writeFileSync(kubeconfig, kubeconfigFor(token), { mode: 0o600 });
  const kubectl = (words: string[], input?: string) =>
    execFileSync(programs.program('kubectl'), words, {
      encoding: 'utf8',
      env: { ...process.env, KUBECONFIG: kubeconfig },
      maxBuffer: 64 * 1024 * 1024,
      stdio: 'pipe',
      ...(input === undefined ? {} : { input }),
    });
  const apply = (...items: object[]) =>
    void kubectl(['apply', '--server-side', '--filename', '-'], stringify({ apiVersion: 'v1', kind: 'List', items }));

  run('etcd', [
    ...['--data-dir', join(folder, 'etcd'), '--name', 'rehearsal', '--unsafe-no-fsync', '--log-level', 'warn'],
    ...['--listen-client-urls', `http://127.0.0.1:${etcdPort}`],
    ...['--advertise-client-urls', `http://127.0.0.1:${etcdPort}`],
    ...['--listen-peer-urls', `http://127.0.0.1:${peerPort}`],
    ...['--initial-advertise-peer-urls', `http://127.0.0.1:${peerPort}`],
    ...['--initial-cluster', `rehearsal=http://127.0.0.1:${peerPort}`],
  ]);
  run('kube-apiserver', [
    ...['--etcd-servers', `http://127.0.0.1:${etcdPort}`, '--bind-address', '127.0.0.1'],
    ...['--secure-port', String(apiPort), '--cert-dir', join(folder, 'certificates')],
    ...['--service-cluster-ip-range', '10.96.0.0/16', '--authorization-mode', 'RBAC', '--token-auth-file', tokenFile],
    ...['--service-account-issuer', 'https://kubernetes.default.svc', '--service-account-key-file', keyFile],
    ...['--service-account-signing-key-file', keyFile, '--endpoint-reconciler-type', 'none'],
  ]);
  try {
    await processes.until('the API server', 'kube-apiserver', () => kubectl(['get', '--raw', '/readyz']) === 'ok');
    for (const name of ['kube-controller-manager', 'kube-scheduler']) {
      run(name, [
        ...['--kubeconfig', kubeconfig, '--leader-elect=false', '--secure-port', '0'],
        ...(name === 'kube-controller-manager' ? controllers(keyFile) : []),
      ]);
    }
    run('kwok', ['--kubeconfig', kubeconfig, '--manage-all-nodes=true', '--server-address', '']);
    apply(...nodesNamed(nodes));
    await processes.until('the nodes', 'kwok', () => readyNodes(kubectl) === nodes);
    return { kubeconfig, kubectl, apply, kubeconfigFor, stop: () => processes.stop() };
  } catch (error) {
    await processes.stop();
    throw error;
  }
}

const controllers = (keyFile: string) => [
  ...['--service-account-private-key-file', keyFile],
  // As elsewhere each has an account of its own: Dapr makes sidecars for those that make pods alone.
  '--use-service-account-credentials=true',
  // On a busy machine heartbeats are late: pods of a node that is given up become unready, and nothing here makes them
  // ready again.
  '--node-monitor-grace-period=2h',
];

const nodesNamed = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `node-${index}`,
      labels: {
        'topology.kubernetes.io/zone': `zone-${index}`,
        'kubernetes.io/hostname': `node-${index}`,
        'kubernetes.io/os': 'linux',
      },
    },
    status: { allocatable: capacity, capacity },
  }));
const capacity = { cpu: '32', memory: '128Gi', pods: '250' };

const readyNodes = (kubectl: ControlPlane['kubectl']): number => {
  const path = '{.items[*].status.conditions[?(@.type=="Ready")].status}';
  return (kubectl(['get', 'nodes', '--output', `jsonpath=${path}`]).match(/True/g) ?? []).length;
};

const newKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' });

const kubeconfigOf = (name: string, server: string, token: string) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': name,
  // The API server makes its certificate at each start, and listens on loopback only.
  clusters: [{ name, cluster: { server, 'insecure-skip-tls-verify': true } }],
  users: [{ name, user: { token } }],
  contexts: [{ name, context: { cluster: name, user: name } }],
});
