// The components are the contract between the apps and an environment: every environment has to offer the same.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { services, topics } from '../../src/apps';
import { repositoryDir } from '../../src/settings/repository';

interface Item {
  name: string;
  value?: string;
  envRef?: string;
}

interface Resource {
  kind: string;
  metadata: { name: string };
  spec: {
    type: string;
    metadata: Item[];
    policies?: { timeouts: Record<string, string>; retries: Record<string, { maxRetries: number }> };
    targets?: { apps: Record<string, { timeout: string }>; components: Record<string, { inbound: { retry: string } }> };
  };
  scopes?: string[];
}

const folder = join(repositoryDir, 'components');
const environments = readdirSync(folder).filter((name) => ['local', 'local-nats', 'dapr-init'].includes(name));

const read = (environment: string): Resource[] =>
  readdirSync(join(folder, environment)).map((file) => parse(readFileSync(join(folder, environment, file), 'utf8')));

const componentsOf = (environment: string) => read(environment).filter(({ kind }) => kind === 'Component');
const valueIn = ({ spec }: Resource, name: string) => spec.metadata.find((item) => item.name === name)?.value;
const scoping = [
  'allowedTopics',
  'protectedTopics',
  'publishingScopes',
  'subscriptionScopes',
  'keyPrefix',
  'actorStateStore',
  'multiValued',
];

/** What an app sees of a component, whatever stands behind it. */
const contract = (environment: string) =>
  Object.fromEntries(
    componentsOf(environment).map((component) => [
      component.metadata.name,
      {
        block: component.spec.type.split('.')[0],
        scopes: [...(component.scopes ?? [])].sort(),
        ...Object.fromEntries(scoping.map((name) => [name, valueIn(component, name)])),
      },
    ]),
  );

const owners: Record<(typeof topics)[number], string> = {
  users: 'auth',
  tickets: 'tickets',
  orders: 'orders',
  charges: 'payments',
  expirations: 'expiration',
};
const readers: Record<(typeof topics)[number], string[]> = {
  users: ['notifications'],
  tickets: [],
  orders: ['expiration', 'notifications', 'payments', 'tickets'],
  charges: ['notifications', 'orders'],
  expirations: ['orders'],
};

/** `a=x,y;b=z` as app -> topics */
const parseScopes = (text = '') =>
  Object.fromEntries(
    text
      .split(';')
      .filter(Boolean)
      .map((part) => [part.split('=')[0], part.split('=')[1]?.split(',').sort()]),
  );

test('there are three environments to compare', () => {
  expect(environments.sort()).toEqual(['dapr-init', 'local', 'local-nats']);
});

describe.each(environments)('components/%s', (environment) => {
  const components = componentsOf(environment);
  const byName = new Map(components.map((component) => [component.metadata.name, component]));

  test('offers what every other environment does', () => {
    expect(contract(environment)).toEqual(contract('local'));
  });

  test('has the components the apps name, each in a file of its name', () => {
    const names = [...topics, ...topics.map((topic) => `${topic}-dead`), 'statestore', 'sessions', 'secrets', 'mail'];
    expect([...byName.keys()].sort()).toEqual(names.sort());
    expect(readdirSync(join(folder, environment)).sort()).toEqual(
      [...names, 'resiliency'].map((name) => `${name}.yaml`).sort(),
    );
  });

  test('is scoped: no component is open to every app, and none to an app that there is not', () => {
    for (const { metadata, scopes = [] } of components) {
      expect([metadata.name, scopes.length]).not.toEqual([metadata.name, 0]);
      for (const app of scopes) expect(services).toContain(app);
    }
  });

  test.each([...topics])('lets only its owner publish to %s, and its readers to its dead letters', (topic) => {
    const component = byName.get(topic);
    if (!component) throw new Error('missing');
    const dead = `${topic}.dead`;
    expect(valueIn(component, 'protectedTopics')).toBe(`${topic},${dead}`);
    expect(valueIn(component, 'allowedTopics')).toBe(`${topic},${dead}`);
    expect(parseScopes(valueIn(component, 'publishingScopes'))).toEqual({
      ...Object.fromEntries(readers[topic].map((app) => [app, [dead]])),
      [owners[topic]]: [topic],
    });
    expect(Object.keys(parseScopes(valueIn(component, 'subscriptionScopes'))).sort()).toEqual(readers[topic]);
    expect([...(component.scopes ?? [])].sort()).toEqual([...new Set([owners[topic], ...readers[topic]])].sort());
  });

  test.each([...topics])('lets only the owner of %s read its dead letters, and nobody publish there', (topic) => {
    const component = byName.get(`${topic}-dead`);
    if (!component) throw new Error('missing');
    expect(component.scopes).toEqual([owners[topic]]);
    expect(parseScopes(valueIn(component, 'subscriptionScopes'))).toEqual({ [owners[topic]]: [`${topic}.dead`] });
    expect(valueIn(component, 'publishingScopes')).toBeUndefined();
    expect(valueIn(component, 'protectedTopics')).toBe(`${topic}.dead`);
  });

  test('retries every topic a bounded number of times, and calls between services never', () => {
    const resiliency = read(environment).find(({ kind }) => kind === 'Resiliency');
    const { policies, targets } = resiliency?.spec ?? {};
    const pubsubs = components
      .filter(({ spec }) => spec.type.startsWith('pubsub.'))
      .map(({ metadata }) => metadata.name);
    expect(Object.keys(targets?.components ?? {}).sort()).toEqual(pubsubs.sort());
    for (const { inbound } of Object.values(targets?.components ?? {}))
      expect(policies?.retries[inbound.retry]?.maxRetries).toBeGreaterThan(0);
    expect(Object.keys(targets?.apps ?? {}).sort()).toEqual([...services].sort());
    for (const target of Object.values(targets?.apps ?? {})) {
      expect(Object.keys(target)).toEqual(['timeout']);
      expect(policies?.timeouts).toHaveProperty(target.timeout);
    }
  });

  test('bounds every stream on Redis, and handles JetStream events one after the other', () => {
    for (const component of components.filter(({ spec }) => spec.type.startsWith('pubsub.'))) {
      if (component.spec.type === 'pubsub.redis')
        expect(Number(valueIn(component, 'maxLenApprox'))).toBeGreaterThan(1_000);
      else expect(valueIn(component, 'concurrency')).toBe('single');
    }
  });

  test('shares one consumer group per app', () => {
    for (const component of components.filter(({ spec }) => spec.type.startsWith('pubsub.'))) {
      const group = valueIn(component, component.spec.type === 'pubsub.redis' ? 'consumerID' : 'durableName');
      expect(group).toMatch(/^\{appID\}(-dead)?$/);
      if (component.spec.type === 'pubsub.jetstream') expect(valueIn(component, 'queueGroupName')).toBe(group);
    }
  });

  test('holds no password and no address of this machine outside dapr-init', () => {
    const items = components.flatMap(({ spec }) => spec.metadata);
    for (const { name } of items.filter(({ value }) => value !== undefined)) {
      if (environment !== 'dapr-init') expect(name).not.toMatch(/host|password|url|secretsFile|^port$/i);
    }
  });
});
