// Dapr's own sentry, operator and injector, run on loopback for the cluster: each as the pod that its chart has made, with
// that pod's account and no other rights. The API server reaches the injector by the name of its service, as ever.
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../setup/free-port';
import type { ControlPlane } from './control-plane';
import { ended, processesIn } from './processes';
import type { Programs } from './provide-programs';

export interface DaprControlPlane {
  /** The injector again, with other settings than its deployment has. */
  restartInjector(settings: Record<string, string>): Promise<void>;
  stopInjector(): Promise<void>;
  stop(): Promise<void>;
}

interface Options {
  programs: Programs;
  plane: ControlPlane;
  /** An empty folder. */
  folder: string;
}

const namespace = 'dapr-system';
const sentryAudience = `spiffe://cluster.local/ns/${namespace}/dapr-sentry`;

export async function startDapr({ programs, plane, folder }: Options): Promise<DaprControlPlane> {
  const processes = processesIn(folder);
  const [sentryPort, injectorPort] = [await freePort(), await freePort()];
  const [operatorPort, webhookPort] = [await freePort(), await freePort()];
  const sentryAddress = `127.0.0.1:${sentryPort}`;
  const kubectl = (...words: string[]) => plane.kubectl(['--namespace', namespace, ...words]);

  /** Words and variables with which the program has the identity of a pod of that name. */
  const asPod = (app: string, account: string) => {
    const [pod = ''] = kubectl('get', 'pods', '--selector', `app=${app}`, '--output', 'name').split('\n');
    const bound = ['--bound-object-kind', 'Pod', '--bound-object-name', pod.replace('pod/', ''), '--duration', '1h'];
    const kubeconfig = join(folder, `${app}.kubeconfig`);
    const identity = join(folder, `${app}.token`);
    const token = (...audience: string[]) => kubectl('create', 'token', account, ...bound, ...audience).trim();
    writeFileSync(kubeconfig, plane.kubeconfigFor(token()), { mode: 0o600 });
    writeFileSync(identity, token('--audience', sentryAudience), { mode: 0o600 });
    return {
      kubeconfig,
      env: {
        PATH: process.env.PATH,
        NAMESPACE: namespace,
        KUBECONFIG: kubeconfig,
        DAPR_SENTRY_TOKEN_FILE: identity,
        // Containers run it as another user than root; who rehearses may be root.
        DAPR_UNSAFE_SKIP_CONTAINER_UID_GID_CHECK: 'true',
      },
    };
  };
  const run = async (name: string, words: string[], env: NodeJS.ProcessEnv): Promise<ChildProcess> => {
    const health = await freePort();
    const common = [
      '--healthz-port',
      String(health),
      '--healthz-listen-address',
      '127.0.0.1',
      '--enable-metrics=false',
    ];
    const child = processes.start(name, programs.program(name), [...words, ...common], env);
    const healthy = async () => (await fetch(`http://127.0.0.1:${health}/healthz`)).ok;
    await processes.until(`Dapr's ${name}`, name, healthy);
    return child;
  };

  const startSentry = async () => {
    const credentials = join(folder, 'credentials');
    mkdirSync(credentials);
    const { kubeconfig, env } = asPod('dapr-sentry', 'dapr-sentry');
    await run(
      'sentry',
      [
        ...['--mode', 'kubernetes', '--trust-domain', 'cluster.local', '--issuer-credentials', credentials],
        ...['--port', String(sentryPort), '--listen-address', '127.0.0.1', '--kubeconfig', kubeconfig],
      ],
      env,
    );
  };
  const trustAnchors = join(folder, 'ca.crt');
  const readTrustAnchors = () => {
    writeFileSync(
      trustAnchors,
      kubectl('get', 'configmap', 'dapr-trust-bundle', '--output', String.raw`jsonpath={.data.ca\.crt}`),
    );
  };
  const startOperator = async () => {
    // It reads where the sentry is from its configuration in the cluster.
    const configuration = JSON.parse(kubectl('get', 'configurations.dapr.io', 'daprsystem', '--output', 'json'));
    const { apiVersion, kind, spec } = configuration as { apiVersion: string; kind: string; spec: { mtls: object } };
    plane.apply({
      apiVersion,
      kind,
      metadata: { name: 'rehearsal', namespace },
      spec: { ...spec, mtls: { ...spec.mtls, sentryAddress } },
    });
    const { env } = asPod('dapr-operator', 'dapr-operator');
    await run(
      'operator',
      [
        ...['--config', 'rehearsal', '--trust-anchors-file', trustAnchors, '--disable-leader-election'],
        ...['--port', String(operatorPort), '--listen-address', '127.0.0.1'],
        ...['--webhook-server-port', String(webhookPort), '--webhook-server-listen-address', '127.0.0.1'],
      ],
      env,
    );
  };

  let injector: ChildProcess | undefined;
  const startInjector = async (settings: Record<string, string>) => {
    const { kubeconfig, env } = asPod('dapr-sidecar-injector', 'dapr-injector');
    injector = await run('injector', ['--port', String(injectorPort), '--kubeconfig', kubeconfig], {
      ...deployedSettings(JSON.parse(kubectl('get', 'deployment', 'dapr-sidecar-injector', '--output', 'json'))),
      ...env,
      DAPR_TRUST_ANCHORS_FILE: trustAnchors,
      DAPR_SENTRY_ADDRESS: sentryAddress,
      ...settings,
    });
  };
  const stopInjector = async () => {
    if (injector) await ended(injector);
  };

  try {
    await startSentry();
    readTrustAnchors();
    await startOperator();
    await startInjector({});
    leadToInjector(plane, injectorPort ?? 0);
  } catch (error) {
    await processes.stop();
    throw error;
  }
  return {
    restartInjector: async (settings) => {
      await stopInjector();
      await startInjector(settings);
    },
    stopInjector,
    stop: () => processes.stop(),
  };
}

interface Deployment {
  spec: { template: { spec: { containers: { env: { name: string; value?: string }[] }[] } } };
}

/** As its chart sets them, by the values of the playbook. */
const deployedSettings = ({ spec }: Deployment): Record<string, string> =>
  Object.fromEntries(
    (spec.template.spec.containers[0]?.env ?? []).flatMap(({ name, value }) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

/** Nothing leads to addresses of services here: its service becomes a name for this machine. */
function leadToInjector(plane: ControlPlane, port: number): void {
  const service = ['--namespace', namespace, 'service', 'dapr-sidecar-injector'];
  plane.kubectl(['delete', ...service]);
  plane.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'dapr-sidecar-injector', namespace },
    spec: { type: 'ExternalName', externalName: 'localhost' },
  });
  const patch = [{ op: 'add', path: '/webhooks/0/clientConfig/service/port', value: port }];
  plane.kubectl([
    ...['patch', 'mutatingwebhookconfiguration', 'dapr-sidecar-injector', '--type', 'json'],
    ...['--patch', JSON.stringify(patch)],
  ]);
}
