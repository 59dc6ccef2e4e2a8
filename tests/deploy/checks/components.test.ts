// Dapr components of every environment, as they are deployed: what an app sees is what it sees locally.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { buildEnvironment, type Environment, environmentNames, repository } from './environments';
import { type ComponentSpec, ofKind, podOf, type Resource, specOf } from './resource';

const folder = join(repository, 'components');
const local = readdirSync(join(folder, 'local')).map(
  (file) => parse(readFileSync(join(folder, 'local', file), 'utf8')) as Resource,
);

/** What has to be the same whatever stands behind a component. */
const promised = [
  'allowedTopics',
  'protectedTopics',
  'publishingScopes',
  'subscriptionScopes',
  'keyPrefix',
  'actorStateStore',
];

const settingOf = (component: Resource, name: string): string | undefined =>
  specOf<ComponentSpec>(component).metadata.find((item) => item.name === name)?.value;

const contractOf = (resources: Resource[]) =>
  Object.fromEntries(
    ofKind(resources, 'Component').map((component) => [
      component.metadata.name,
      {
        block: specOf<ComponentSpec>(component).type.split('.')[0],
        scopes: [...(component.scopes ?? [])].sort(),
        ...Object.fromEntries(promised.map((name) => [name, settingOf(component, name)])),
      },
    ]),
  );

/** The secrets that services read through Dapr, with their keys: those of development have the same. */
const appSecrets = Object.keys(JSON.parse(readFileSync(join(repository, 'dapr/dev-secrets.json'), 'utf8')));

interface RequiredSecrets {
  kubernetes: Record<string, string[]>;
  awsSecretsManager?: Record<string, string[]>;
}

const requiredIn = (environment: string): RequiredSecrets =>
  parse(readFileSync(join(folder, environment, 'required-secrets.yaml'), 'utf8'));

const typesIn = (environment: Environment) =>
  Object.fromEntries(
    ofKind(buildEnvironment(environment), 'Component').map((one) => [
      one.metadata.name,
      specOf<ComponentSpec>(one).type,
    ]),
  );

describe.each(environmentNames)('%s', (environment) => {
  const resources = buildEnvironment(environment);

  test('has the components of the local runtime, with its scopes', () => {
    expect(contractOf(resources)).toEqual(contractOf(local));
    const resiliency = (all: Resource[]) =>
      ofKind(all, 'Resiliency').map(({ metadata, spec }) => [metadata.name, spec]);
    expect(resiliency(resources)).toEqual(resiliency(local));
  });

  test('takes nothing from the environment of sidecars, and no password from its manifests', () => {
    const items = ofKind(resources, 'Component').flatMap((one) =>
      specOf<ComponentSpec>(one).metadata.map((item) => ({ component: one.metadata.name, ...item })),
    );
    expect(items.filter(({ envRef }) => envRef !== undefined)).toEqual([]);
    expect(
      items.filter(({ name, value }) => /password|natsURL|secretKey|token/i.test(name) && value !== undefined),
    ).toEqual([]);
    const byKubernetes = ofKind(resources, 'Component').filter((one) =>
      specOf<ComponentSpec>(one).metadata.some(({ secretKeyRef }) => secretKeyRef),
    );
    for (const { metadata, auth } of byKubernetes)
      expect([metadata.name, auth]).toEqual([metadata.name, { secretStore: 'kubernetes' }]);
  });

  test('resends what waited for a consumer as long as its broker lets it wait', () => {
    for (const component of ofKind(resources, 'Component')) {
      const { type } = specOf<ComponentSpec>(component);
      if (type === 'pubsub.redis') expect(settingOf(component, 'consumerID')).toBe('{appID}');
      if (type === 'pubsub.jetstream') {
        expect(settingOf(component, 'durableName')).toMatch(/^\{appID\}(-dead)?$/);
        expect(settingOf(component, 'queueGroupName')).toBe(settingOf(component, 'durableName'));
        expect(settingOf(component, 'concurrency')).toBe('single');
      }
    }
    const settings = ofKind(resources, 'ConfigMap').find(({ metadata }) => metadata.name.startsWith('settings-'));
    const batched = ofKind(resources, 'Component').every(
      (one) => specOf<ComponentSpec>(one).type !== 'pubsub.jetstream',
    );
    expect(settings?.data?.EVENT_BATCH_WAIT).toBe(batched ? '100ms' : '2ms');
  });
});

test('What stands behind them is what each environment is for', () => {
  expect(typesIn('kind')).toMatchObject({
    orders: 'pubsub.redis',
    statestore: 'state.redis',
    secrets: 'secretstores.kubernetes',
    mail: 'bindings.smtp',
  });
  expect(typesIn('kind with NATS')).toMatchObject({ orders: 'pubsub.jetstream', statestore: 'state.redis' });
  expect(typesIn('staging')).toEqual(typesIn('eks'));
  expect(typesIn('eks')).toMatchObject({
    orders: 'pubsub.jetstream',
    statestore: 'state.redis',
    secrets: 'secretstores.aws.secretmanager',
    mail: 'bindings.aws.ses',
  });
  for (const store of ['statestore', 'sessions']) {
    const component = ofKind(buildEnvironment('eks'), 'Component').find(({ metadata }) => metadata.name === store);
    expect(settingOf(component as Resource, 'enableTLS')).toBe('true');
  }
});

test('Each secret that services ask Dapr for is declared, with the keys that development has', () => {
  const development = JSON.parse(readFileSync(join(repository, 'dapr/dev-secrets.json'), 'utf8')) as Record<
    string,
    object
  >;
  const declared = [
    requiredIn('kind').kubernetes,
    requiredIn('kind-nats').kubernetes,
    requiredIn('eks').awsSecretsManager ?? {},
  ];
  for (const secrets of declared) {
    expect(Object.keys(secrets)).toEqual(expect.arrayContaining(appSecrets));
    for (const name of appSecrets) {
      expect([name, secrets[name]?.length]).toEqual([name, Object.keys(development[name] ?? {}).length]);
    }
  }
});

test('Each sidecar reads the secrets that it may locally, and denies the others', () => {
  interface Configuration {
    secrets: { scopes: { storeName: string; defaultAccess: string; allowedSecrets: string[] }[] };
  }
  const allowedLocally = (app: string): string[] => {
    const own = join(repository, 'dapr/config', `local-${app}.yaml`);
    const file = existsSync(own) ? own : join(repository, 'dapr/config/local.yaml');
    const { spec } = parse(readFileSync(file, 'utf8')) as { spec: Configuration };
    return spec.secrets.scopes.flatMap(({ allowedSecrets }) => allowedSecrets);
  };
  for (const configuration of ofKind(buildEnvironment('eks'), 'Configuration')) {
    const { name } = configuration.metadata;
    const { scopes } = specOf<Configuration>(configuration).secrets;
    expect([name, scopes]).toEqual([
      name,
      [{ storeName: 'secrets', defaultAccess: 'deny', allowedSecrets: allowedLocally(name) }],
    ]);
  }
});

test('On kind the sidecars in the scope of `secrets`, and no others, may read those secrets', () => {
  const resources = buildEnvironment('kind');
  const readers = ofKind(resources, 'RoleBinding').flatMap(({ subjects = [] }) => subjects.map(({ name }) => name));
  const store = ofKind(resources, 'Component').find(({ metadata }) => metadata.name === 'secrets');
  expect([...new Set(readers)].sort()).toEqual([...(store?.scopes ?? [])].sort());
  const read = ofKind(resources, 'Role').flatMap(({ rules = [] }) =>
    rules.flatMap(({ resourceNames = [] }) => resourceNames),
  );
  expect([...new Set(read)].sort()).toEqual([...appSecrets].sort());
  for (const workload of ofKind(resources, 'Deployment')) {
    const mounts = podOf(workload).spec.automountServiceAccountToken;
    expect([workload.metadata.name, mounts]).toEqual([
      workload.metadata.name,
      readers.includes(workload.metadata.name),
    ]);
  }
});

test('JetStream is a cluster of three where it counts, on disk before it acknowledges, with streams as local ones', () => {
  for (const environment of ['staging', 'eks'] as const) {
    const resources = buildEnvironment(environment);
    const nats = ofKind(resources, 'StatefulSet').find(({ metadata }) => metadata.name === 'nats');
    expect(specOf<{ replicas: number }>(nats as Resource).replicas).toBe(3);
    const streams = ofKind(resources, 'Deployment').find(({ metadata }) => metadata.name === 'nats-streams');
    const [container] = podOf(streams as Resource).spec.containers;
    expect(container?.env).toContainEqual({ name: 'STREAM_REPLICAS', value: '3' });
    const configuration = ofKind(resources, 'ConfigMap').find(({ metadata }) =>
      metadata.name.startsWith('nats-config-'),
    );
    const text = configuration?.data?.['nats.conf'] ?? '';
    expect(text).toMatch(/sync_interval: always/);
    expect(text.match(/nats-route:/g)).toHaveLength(3);
  }
});
