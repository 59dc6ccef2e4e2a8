// A real Kubernetes control plane on loopback, without containers: etcd, API server, controllers and scheduler, and kwok
// in place of kubelets, which calls every pod that is scheduled ready. All state is in a folder of its own.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';

export interface ControlPlane {
  /** For `KUBECONFIG`; its one context has the name that was asked for. */
  kubeconfig: string;
  kubectl(words: string[], input?: string): string;
  stop(): Promise<void>;
}

interface Options {
  /** Where the programs are. */
  programs: string;
  /** An empty folder. */
  folder: string;
  context: string;
  nodes: number;
}

const startsWithinMs = 180_000;

export async function startControlPlane({ programs, folder, context, nodes }: Options): Promise<ControlPlane> {
  const [etcdPort, peerPort, apiPort] = await freePorts(3);
  const started: ChildProcess[] = [];
  const run = (name: string, words: string[]) => {
    const log = openSync(join(folder, `${name}.log`), 'a');
    const child = spawn(join(programs, name), words, { stdio: ['ignore', log, log] });
    started.push(child);
  };
  const kubeconfig = join(folder, 'kubeconfig');
  const token = randomBytes(16).toString('hex');
  const keyFile = join(folder, 'service-accounts.key');
  const tokenFile = join(folder, 'tokens.csv');
  writeFileSync(keyFile, newKey(), { mode: 0o600 });
  writeFileSync(tokenFile, `${token},rehearsal,rehearsal,"system:masters"\n`, { mode: 0o600 });
  writeFileSync(kubeconfig, stringify(kubeconfigOf(context, `https://127.0.0.1:${apiPort}`, token)), { mode: 0o600 });
  const kubectl = (words: string[], input?: string) =>
    execFileSync(join(programs, 'kubectl'), words, {
      encoding: 'utf8',
      env: { ...process.env, KUBECONFIG: kubeconfig },
      maxBuffer: 64 * 1024 * 1024,
      stdio: 'pipe',
      ...(input === undefined ? {} : { input }),
    });
  const stop = async () => {
    for (const child of started.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  };

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
    await until(() => kubectl(['get', '--raw', '/readyz']) === 'ok', 'the API server', folder);
    for (const name of ['kube-controller-manager', 'kube-scheduler']) {
      run(name, [
        ...['--kubeconfig', kubeconfig, '--leader-elect=false', '--secure-port', '0'],
        ...(name === 'kube-scheduler' ? [] : ['--service-account-private-key-file', keyFile]),
      ]);
    }
    run('kwok', ['--kubeconfig', kubeconfig, '--manage-all-nodes=true', '--server-address', '']);
    kubectl(['apply', '--server-side', '--filename', '-'], stringify({ ...list, items: nodesNamed(nodes) }));
    await until(() => readyNodes(kubectl) === nodes, 'the nodes', folder);
    return { kubeconfig, kubectl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const list = { apiVersion: 'v1', kind: 'List' };

const nodesNamed = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `node-${index}`,
      labels: { 'topology.kubernetes.io/zone': `zone-${index}`, 'kubernetes.io/hostname': `node-${index}` },
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

async function until(holds: () => boolean, what: string, folder: string): Promise<void> {
  const deadline = Date.now() + startsWithinMs;
  let reason: unknown;
  while (Date.now() < deadline) {
    try {
      if (holds()) return;
    } catch (error) {
      reason = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const log = readFileSync(join(folder, 'kube-apiserver.log'), 'utf8').split('\n').slice(-10).join('\n');
  throw new Error(`${what} did not get ready: ${reason}\n${log}`);
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
