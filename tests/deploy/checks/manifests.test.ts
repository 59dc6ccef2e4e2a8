// Every environment's manifests: schemas of Kubernetes, policies, and that whatever is named is there.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { services } from '../../../dapr/local/src/apps';
import { paymentAttempts } from '../../../services/payments/src/settings';
import { provideTools } from '../tools/provide-tools';
import { faultsByDefinition, kubernetesVersion } from './definitions';
import { buildEnvironment, environmentNames, type environments, renderEnvironment, repository } from './environments';
import { policies, sealed } from './policies';
import {
  type ComponentSpec,
  containersOf,
  type IngressSpec,
  type Labels,
  type NetworkPolicySpec,
  ofKind,
  podOf,
  type Resource,
  type Selector,
  selects,
  specOf,
  type Workload,
  workloadsIn,
} from './resource';

const names = (resources: Resource[], kind: string) => ofKind(resources, kind).map(({ metadata }) => metadata.name);
const labelsOfPods = (resources: Resource[]): Labels[] =>
  workloadsIn(resources).map((workload) => podOf(workload).metadata.labels);

test('Every manifest is as the schemas of Kubernetes have it, without a field too many', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-manifests-'));
  try {
    const files = environmentNames.map((environment, index) => {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, renderEnvironment(environment));
      return file;
    });
    const words = ['-k', kubernetesVersion(), '--strict', '--quiet', '--no-warn', ...files];
    expect(execFileSync(provideTools().kubernetesValidate, words, { encoding: 'utf8' })).toBe('');
    writeFileSync(join(folder, 'odd.yaml'), renderEnvironment('eks').replaceAll('minReplicas', 'leastReplicas'));
    const odd = ['-k', kubernetesVersion(), '--strict', '--quiet', join(folder, 'odd.yaml')];
    expect(() => execFileSync(provideTools().kubernetesValidate, odd, { stdio: 'pipe' })).toThrow();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);

describe.each(environmentNames)('%s', (environment) => {
  const resources = buildEnvironment(environment);
  const workloads = workloadsIn(resources);
  const appDeployments = ofKind(resources, 'Deployment').filter(
    (workload) => podOf(workload).metadata.annotations?.['dapr.io/enabled'] === 'true',
  );

  test('tells payments how many declined cards end a payment', () => {
    const settings = ofKind(resources, 'ConfigMap').find(({ metadata }) => metadata.name.startsWith('settings-'));
    const attempts = settings?.data?.PAYMENT_ATTEMPTS ?? 'not set';
    expect(paymentAttempts.parse(attempts)).toBe(3);
    const payments = appDeployments.find(({ metadata }) => metadata.name === 'payments');
    const read = payments && containersOf(podOf(payments)).flatMap(({ envFrom = [] }) => envFrom);
    expect(read).toContainEqual({ configMapRef: { name: settings?.metadata.name } });
  });

  test('has resources of others as their definitions have them', () => {
    expect(resources.flatMap(faultsByDefinition)).toEqual([]);
  });

  test('keeps every policy', () => {
    const kept =
      environment.includes('development') || environment.includes('without') ? policies : [...policies, sealed];
    const faults = workloads.flatMap((workload) =>
      kept.flatMap(({ name, faults }) =>
        faults(workload).map((fault) => `${workload.metadata.name} ${name}: ${fault}`),
      ),
    );
    expect(faults).toEqual([]);
    // Skaffold takes away what it has deployed: the namespace, and the secrets in it, are those of `make cluster`.
    const skaffolds = ['kind for development', 'kind without the web client'].includes(environment);
    const rules = ofKind(resources, 'Namespace').map(({ metadata }) => metadata.labels);
    expect(rules).toMatchObject(skaffolds ? [] : [{ 'pod-security.kubernetes.io/enforce': 'restricted' }]);
    expect(rules).toHaveLength(skaffolds ? 0 : 1);
  });

  test('has everything in one namespace, and no two resources of a name', () => {
    const keys = resources.map(({ kind, apiVersion, metadata }) => `${apiVersion} ${kind} ${metadata.name}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    const elsewhere = resources.filter(
      ({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'ticketing',
    );
    // Nodes are in no namespace, and Prometheus asks them how full volumes are.
    const wide = environment === 'eks with all opt-ins' ? ['ClusterRole', 'ClusterRoleBinding'] : [];
    expect(elsewhere.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
      wide.map((kind) => `${kind} ticketing-prometheus`),
    );
  });

  test('deploys each service, and the web client where it is wanted, beside a sidecar of its own', () => {
    const wanted = [...services, ...(environment === 'kind without the web client' ? [] : ['web'])];
    expect(appDeployments.map(({ metadata }) => metadata.name).sort()).toEqual([...wanted].sort());
    expect(names(resources, 'Configuration').sort()).toEqual([...wanted].sort());
    for (const workload of appDeployments) {
      const { name } = workload.metadata;
      const { annotations = {}, labels } = podOf(workload).metadata;
      expect(annotations).toMatchObject({
        'dapr.io/app-id': name,
        'dapr.io/config': name,
        'dapr.io/app-port': '8080',
        'dapr.io/app-token-secret': 'app-api-token',
        'dapr.io/api-token-secret': 'dapr-api-token',
        'dapr.io/log-as-json': 'true',
        'dapr.io/enable-native-sidecar': 'true',
        'dapr.io/sidecar-seccomp-profile-type': 'RuntimeDefault',
      });
      for (const what of ['cpu-request', 'cpu-limit', 'memory-request', 'memory-limit']) {
        expect(annotations[`dapr.io/sidecar-${what}`]).toMatch(/^\d+(m|Mi)?$/);
      }
      expect(labels['app.kubernetes.io/name']).toBe(name);
      const [app] = podOf(workload).spec.containers;
      expect(app?.image).toMatch(new RegExp(`(^|/)ticketing-${name}[:@]`));
      expect(app?.env).toContainEqual({ name: 'APP_ID', value: name });
    }
  });

  test('scales each app, and leaves the number of its pods to the autoscaler', () => {
    const scaled = ofKind(resources, 'HorizontalPodAutoscaler').map(
      (scaler) => specOf<{ scaleTargetRef: { kind: string; name: string } }>(scaler).scaleTargetRef.name,
    );
    expect(scaled.sort()).toEqual(appDeployments.map(({ metadata }) => metadata.name).sort());
    const both = workloads.filter(({ metadata, spec }) => scaled.includes(metadata.name) && 'replicas' in (spec ?? {}));
    expect(both.map(({ metadata }) => metadata.name)).toEqual([]);
    for (const name of scaled) expect(names(resources, 'PodDisruptionBudget')).toContain(name);
  });

  test('names nothing that is not there', () => {
    const secrets = [...declaredSecrets(environment), ...madeSecrets(resources)];
    const faults = workloads.flatMap((workload) => danglingIn(workload, resources, secrets));
    const annotated = appDeployments.flatMap((workload) =>
      ['dapr.io/app-token-secret', 'dapr.io/api-token-secret']
        .map((key) => podOf(workload).metadata.annotations?.[key] ?? '')
        .filter((secret) => !secrets.includes(`${secret}/token`)),
    );
    const fromComponents = ofKind(resources, 'Component').flatMap(({ metadata, spec }) =>
      (spec as ComponentSpec).metadata
        .flatMap(({ secretKeyRef }) => (secretKeyRef ? [`${secretKeyRef.name}/${secretKeyRef.key}`] : []))
        .filter((secret) => !secrets.includes(secret))
        .map((secret) => `${metadata.name}: ${secret}`),
    );
    expect([...faults, ...annotated, ...fromComponents]).toEqual([]);
    for (const binding of ofKind(resources, 'RoleBinding', 'ClusterRoleBinding')) {
      for (const { name } of binding.subjects ?? []) expect(names(resources, 'ServiceAccount')).toContain(name);
    }
  });

  test('has no service, budget or policy for pods that there are not', () => {
    const pods = labelsOfPods(resources);
    const selecting: [Resource, Selector][] = [
      ...ofKind(resources, 'Service').map((one): [Resource, Selector] => [
        one,
        { matchLabels: specOf<{ selector: Labels }>(one).selector },
      ]),
      ...ofKind(resources, 'PodDisruptionBudget').map((one): [Resource, Selector] => [
        one,
        specOf<{ selector: Selector }>(one).selector,
      ]),
      ...ofKind(resources, 'NetworkPolicy').flatMap((one) =>
        selectorsOf(one).map((selector): [Resource, Selector] => [one, selector]),
      ),
    ];
    const idle = selecting.filter(([, selector]) => !pods.some((labels) => selects(selector, labels)));
    // cert-manager starts that pod when Let's Encrypt asks; the others are of every environment's base or kind's.
    const known = environment === 'kind without the web client' ? ['web'] : [];
    expect(
      idle
        .map(([one]) => one.metadata.name)
        .filter((name) => name !== 'ingress-to-acme-solver' && !known.includes(name)),
    ).toEqual([]);
    for (const workload of workloads) {
      expect(selects(specOf<Workload>(workload).selector, podOf(workload).metadata.labels)).toBe(true);
      const others = workloads.filter(
        (other) => other !== workload && selects(specOf<Workload>(other).selector, podOf(workload).metadata.labels),
      );
      expect(others.map(({ metadata }) => metadata.name)).toEqual([]);
    }
  });

  test('lets nobody talk to anybody but for what is named', () => {
    const all = ofKind(resources, 'NetworkPolicy').map((one) => ({
      name: one.metadata.name,
      ...specOf<NetworkPolicySpec>(one),
    }));
    const closed = all.find(({ name }) => name === 'nobody-to-nobody');
    expect(closed).toMatchObject({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    expect(closed).not.toHaveProperty('ingress');
    expect(closed).not.toHaveProperty('egress');
    // Each door on one side has one on the other: who may ask a pod may leave his own.
    const pods = labelsOfPods(resources);
    for (const { name, podSelector, ingress = [] } of all) {
      for (const { from = [], ports = [] } of ingress) {
        expect([name, from.length > 0, ports.length > 0]).toEqual([name, true, true]);
        for (const peer of from.filter(({ podSelector: other }) => other)) {
          const askers = pods.filter((labels) => selects(peer.podSelector ?? {}, labels));
          const asked = pods.filter((labels) => selects(podSelector, labels));
          for (const { port } of ports) {
            const ways = askers.map((asker) => asked.every((labels) => mayLeave(all, asker, labels, port)));
            expect([name, port, ways.includes(false)]).toEqual([name, port, false]);
          }
        }
      }
    }
  });

  test('serves its hosts by TLS, from pods that the ingress may reach', () => {
    const pods = labelsOfPods(resources);
    for (const ingress of ofKind(resources, 'Ingress')) {
      for (const { http } of specOf<IngressSpec>(ingress).rules) {
        for (const { backend } of http.paths) {
          const service = ofKind(resources, 'Service').find(({ metadata }) => metadata.name === backend.service.name);
          expect([backend.service.name, service !== undefined]).toEqual([backend.service.name, true]);
          const { selector, ports } = specOf<{ selector: Labels; ports: { name: string }[] }>(service as Resource);
          expect(ports.map(({ name }) => name)).toContain(backend.service.port.name);
          const reached = pods.filter((labels) => selects({ matchLabels: selector }, labels));
          const open = ofKind(resources, 'NetworkPolicy').filter((one) => fromIngress(one));
          for (const labels of reached) {
            expect(open.some((one) => selects(specOf<NetworkPolicySpec>(one).podSelector, labels))).toBe(true);
          }
        }
      }
    }
    const main = specOf<IngressSpec>(
      ofKind(resources, 'Ingress').find(({ metadata }) => metadata.name === 'ticketing') as Resource,
    );
    const certificate = specOf<{ secretName: string; dnsNames: string[] }>(
      ofKind(resources, 'Certificate').find(({ metadata }) => metadata.name === 'ticketing') as Resource,
    );
    const all = ofKind(resources, 'Ingress').map((ingress) => specOf<IngressSpec>(ingress));
    for (const { tls, rules } of all) {
      expect(tls).toEqual([{ secretName: certificate.secretName, hosts: rules.map(({ host }) => host) }]);
    }
    const hosts = all.flatMap(({ rules }) => rules.map(({ host }) => host));
    expect([...certificate.dnsNames].sort()).toEqual(hosts.sort());
    const settings = ofKind(resources, 'ConfigMap').find(({ metadata }) => metadata.name.startsWith('settings-'));
    expect(main.rules.map(({ host }) => host)).toContain(new URL(settings?.data?.PUBLIC_URL ?? '').hostname);
  });
});

test('An update of NATS takes the next server when the one before has caught up, and a new cluster can begin', () => {
  const resources = buildEnvironment('eks');
  const nats = ofKind(resources, 'StatefulSet').find(({ metadata }) => metadata.name === 'nats') as Resource;
  const [server] = podOf(nats).spec.containers;
  expect(server?.startupProbe).toMatchObject({ httpGet: { path: '/healthz' } });
  expect(server?.readinessProbe).toMatchObject({ httpGet: { path: '/healthz?js-server-only=true' } });
  expect(nats.spec).toMatchObject({ replicas: 3, podManagementPolicy: 'Parallel', serviceName: 'nats-servers' });
  const addresses = ofKind(resources, 'Service').find(({ metadata }) => metadata.name === 'nats-servers');
  expect(addresses?.spec).toMatchObject({ publishNotReadyAddresses: true });
});

test('A field that a definition of others does not have, or has otherwise, is a fault', () => {
  const [component] = ofKind(buildEnvironment('kind'), 'Component');
  const broken = {
    ...component,
    spec: { ...component?.spec, kind: 'pubsub' },
    scopes: 'orders',
  } as unknown as Resource;
  expect(faultsByDefinition(component as Resource)).toEqual([]);
  expect(faultsByDefinition(broken)).toEqual([
    expect.stringMatching(/must be array/),
    expect.stringMatching(/additional properties.*"kind"/),
  ]);
});

describe('Each policy', () => {
  const good = () =>
    structuredClone(
      ofKind(buildEnvironment('eks'), 'Deployment').find(({ metadata }) => metadata.name === 'web'),
    ) as Resource;
  const breakers: Record<string, (workload: Resource) => void> = {
    'shares nothing of its node': (one) => {
      podOf(one).spec.hostNetwork = true;
    },
    'runs as nobody special': (one) => {
      first(one).securityContext = { ...first(one).securityContext, runAsNonRoot: false };
    },
    'names its user, and not root': (one) => {
      podOf(one).spec.securityContext = { ...podOf(one).spec.securityContext, runAsUser: 0 };
    },
    'gains no privileges': (one) => {
      delete first(one).securityContext?.allowPrivilegeEscalation;
    },
    'is not privileged': (one) => {
      first(one).securityContext = { ...first(one).securityContext, privileged: true };
    },
    'has no capabilities': (one) => {
      first(one).securityContext = { ...first(one).securityContext, capabilities: { drop: ['NET_RAW'] } };
    },
    'is confined by seccomp': (one) => {
      first(one).securityContext = { ...first(one).securityContext, seccompProfile: { type: 'Unconfined' } };
    },
    'has its resources limited': (one) => {
      delete first(one).resources?.limits?.memory;
    },
    'says when it has started, whether it is ready and whether it lives': (one) => {
      delete first(one).readinessProbe;
    },
    'is an image of a version': (one) => {
      first(one).image = 'registry.example.com:5000/ticketing-web:latest';
    },
    'bounds what it writes to the disk of its node': (one) => {
      podOf(one).spec.volumes = [{ name: 'scratch', emptyDir: {} }];
    },
    'has a service account of its own': (one) => {
      delete podOf(one).spec.serviceAccountName;
    },
    'cannot change its own files': (one) => {
      first(one).securityContext = { ...first(one).securityContext, readOnlyRootFilesystem: false };
    },
  };

  test.each([...policies, sealed])('sees who breaks it: $name', ({ name, faults }) => {
    expect(faults(good())).toEqual([]);
    const broken = good();
    breakers[name]?.(broken);
    expect(faults(broken)).toHaveLength(1);
  });

  const first = (workload: Resource) => {
    const [one] = podOf(workload).spec.containers;
    if (!one) throw new Error('no container');
    return one;
  };
});

/** `name/key` of each secret of Kubernetes that the environment is declared to have. */
function declaredSecrets(environment: keyof typeof environments): string[] {
  const components = environment.startsWith('kind') ? (environment === 'kind with NATS' ? 'kind-nats' : 'kind') : 'eks';
  const file = join(repository, 'components', components, 'required-secrets.yaml');
  const { kubernetes } = parse(readFileSync(file, 'utf8')) as { kubernetes: Record<string, string[]> };
  return Object.entries(kubernetes).flatMap(([name, keys]) => keys.map((key) => `${name}/${key}`));
}

/** Those that cert-manager makes. */
const madeSecrets = (resources: Resource[]): string[] =>
  ofKind(resources, 'Certificate').map((one) => specOf<{ secretName: string }>(one).secretName);

function danglingIn(workload: Resource, resources: Resource[], secrets: string[]): string[] {
  const pod = podOf(workload);
  const volumes = pod.spec.volumes ?? [];
  const configMaps = [
    ...volumes.flatMap(({ configMap }) => (configMap && !configMap.optional ? [configMap.name] : [])),
    ...containersOf(pod).flatMap(({ envFrom = [] }) =>
      envFrom.flatMap(({ configMapRef }) => (configMapRef ? [configMapRef.name] : [])),
    ),
  ];
  const keys = containersOf(pod).flatMap(({ env = [] }) =>
    env.flatMap(({ valueFrom }) =>
      valueFrom?.secretKeyRef ? [`${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`] : [],
    ),
  );
  const mounted = volumes.flatMap(({ secret }) => (secret ? [secret.secretName] : []));
  const claims = (specOf<{ volumeClaimTemplates?: Resource[] }>(workload).volumeClaimTemplates ?? []).map(
    ({ metadata }) => metadata.name,
  );
  const mounts = containersOf(pod).flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
  const dangling = [
    ...configMaps.filter((name) => !names(resources, 'ConfigMap').includes(name)),
    ...keys.filter((key) => !secrets.includes(key)),
    ...mounted.filter((name) => !secrets.some((secret) => secret.split('/')[0] === name)),
    ...mounts.filter((name) => ![...volumes.map((volume) => volume.name), ...claims].includes(name)),
    ...[pod.spec.serviceAccountName ?? ''].filter((name) => !names(resources, 'ServiceAccount').includes(name)),
  ];
  return dangling.map((name) => `${workload.metadata.name}: ${name}`);
}

/** Whom a policy is about, and whom of this namespace it lets in or out to. */
const selectorsOf = (policy: Resource): Selector[] => {
  const { podSelector, ingress = [], egress = [] } = specOf<NetworkPolicySpec>(policy);
  const peers = [...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)];
  return [
    podSelector,
    ...peers.flatMap((peer) => (peer.podSelector && !peer.namespaceSelector ? [peer.podSelector] : [])),
  ];
};

const mayLeave = (all: NetworkPolicySpec[], from: Labels, to: Labels, port: number): boolean =>
  all.some(
    ({ podSelector, egress = [] }) =>
      selects(podSelector, from) &&
      egress.some(
        ({ to: peers, ports }) =>
          (!ports || ports.some((one) => one.port === port)) &&
          (!peers ||
            peers.some((peer) => peer.podSelector && !peer.namespaceSelector && selects(peer.podSelector, to))),
      ),
  );

const fromIngress = (policy: Resource): boolean =>
  (specOf<NetworkPolicySpec>(policy).ingress ?? []).some(({ from = [] }) =>
    from.some(
      ({ namespaceSelector }) => namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'] === 'ingress-nginx',
    ),
  );
