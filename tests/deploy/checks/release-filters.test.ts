// What the playbooks make of a release's manifests, asked of their own filters.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildEnvironment, repository } from './environments';

const filters = join(repository, 'ansible/filter_plugins');
const asked = <T>(filter: string, input: unknown, ...others: unknown[]): T =>
  JSON.parse(
    execFileSync(
      'python3',
      [
        '-c',
        `import json, sys; sys.path.insert(0, sys.argv[1]); import ticketing; print(json.dumps(getattr(ticketing, sys.argv[2])(*json.load(sys.stdin))))`,
        filters,
        filter,
      ],
      {
        input: JSON.stringify([input, ...others]),
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      },
    ),
  ) as T;

const objects = buildEnvironment('eks');

test('When a release is applied, then pods come after everything that they and their sidecars read', () => {
  const kinds = asked<{ kind: string }[]>('ticketing_marked', objects).map(({ kind }) => kind);
  expect([...kinds].sort()).toEqual(objects.map(({ kind }) => kind).sort());
  const first = kinds.findIndex((kind) => kind === 'Deployment' || kind === 'StatefulSet');
  const read = [
    'Component',
    'Configuration',
    'Resiliency',
    'NetworkPolicy',
    'ConfigMap',
    'ServiceAccount',
    'Namespace',
  ];
  expect(kinds).toEqual(expect.arrayContaining(read.filter((kind) => objects.some((one) => one.kind === kind))));
  for (const kind of read) expect([kind, kinds.lastIndexOf(kind) < first]).toEqual([kind, true]);
});

test('When a release has something no more, then volumes and namespace are kept, and with it the secrets in it', () => {
  const named = (...names: string[]) => names.map((name) => ({ namespace: 'ticketing', name }));
  const kept = named(
    'namespace/ticketing',
    'persistentvolumeclaim/data-nats-0',
    'persistentvolume/data',
    'customresourcedefinition.apiextensions.k8s.io/components.dapr.io',
  );
  const others = named('deployment.apps/web', 'configmap/settings');
  expect(asked('ticketing_removable', [...kept, ...others])).toEqual(others);
});

const release = (ref: string) => ({ ref, commit: 'abc', versions: { orders: '1.0.0' }, objects });

test('When there is no note yet, then the first is over no version', () => {
  const note = asked<{ metadata: object }>(
    'ticketing_note',
    { running: null, previous: null, attempting: null },
    'x',
    '',
  );
  expect(note.metadata).toEqual({ name: 'release', namespace: 'x' });
});

test('When a release is over what another left, then nothing of either is missing, and its own counts', () => {
  const object = (name: string, value: number) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, value });
  const both = asked('ticketing_with', [object('a', 1), object('b', 1)], [object('b', 2), object('c', 2)]);
  expect(both).toEqual([object('a', 1), object('b', 1), object('c', 2)]);
});

test('When releases are noted, then they are read again as they were, and what there is none of is none', () => {
  const releases = { running: release('B'), previous: release('A'), attempting: null };
  const note = asked<{ metadata: object; data: object }>('ticketing_note', releases, 'ticketing', '7');
  expect(note.metadata).toEqual({ name: 'release', namespace: 'ticketing', resourceVersion: '7' });
  expect(Object.keys(note.data)).toEqual(['running', 'previous']);
  expect(asked('ticketing_noted', note)).toEqual(releases);
  expect(asked('ticketing_noted', {})).toEqual({ running: null, previous: null, attempting: null });
});

test('When three releases are noted, then there is room for ten times as much', () => {
  const three = { running: release('B'), previous: release('A'), attempting: release('C') };
  const most = 1_048_576;
  expect(JSON.stringify(asked('ticketing_note', three, 'ticketing', '')).length).toBeLessThan(most / 10);
});

test('When images have digests, then these are taken from where they were pushed, and others stay', () => {
  const image = (name: string) =>
    asked('ticketing_image', { name, newTag: '1' }, { orders: 'sha256:1' }, 'registry/path');
  expect(image('ticketing-orders')).toEqual({
    name: 'ticketing-orders',
    newName: 'registry/path/ticketing-orders',
    digest: 'sha256:1',
  });
  expect(image('nats')).toEqual({ name: 'nats', newTag: '1' });
});

test("When secrets are in AWS, then they are looked for in the store's region, and elsewhere not at all", () => {
  const required = { awsSecretsManager: { 'stripe-secret': ['secretKey'], 'jwt-secret': ['key'] } };
  expect(asked('ticketing_aws', objects, required)).toEqual({
    region: 'eu-central-1',
    secrets: ['jwt-secret', 'stripe-secret'],
  });
  expect(asked('ticketing_aws', buildEnvironment('kind'), required)).toEqual({ secrets: [] });
});

test("When Helm was cut off, then it is said of which chart of ours, and others' are nobody's business", () => {
  const charts = [
    { name: 'dapr', namespace: 'dapr-system' },
    { name: 'cert-manager', namespace: 'cert-manager' },
  ];
  const installed = [
    { name: 'dapr', namespace: 'dapr-system', status: 'pending-upgrade' },
    { name: 'cert-manager', namespace: 'cert-manager', status: 'deployed' },
    { name: 'dapr', namespace: 'of-others', status: 'failed' },
  ];
  expect(asked('ticketing_unfinished', installed, charts)).toEqual(['dapr: pending-upgrade']);
});

test.each([
  ['what is no JSON', 'digests'],
  ['nothing', ''],
  ['a list', '["sha256"]'],
  ['a digest that is short', '{"orders":"sha256:1"}'],
  ['a digest that is null', '{"orders":null}'],
])('When a file of digests has %s, then it is none', (_what, text) => {
  expect(asked('ticketing_digests', text)).toBeNull();
});

test('When a file of digests has one for each service, then these are taken', () => {
  const digests = { orders: `sha256:${'1'.repeat(64)}`, web: `sha256:${'a'.repeat(64)}` };
  expect(asked('ticketing_digests', JSON.stringify(digests))).toEqual(digests);
});

test.each([
  ['something else', '{"data":{"running":"B"}}'],
  ['what was packed otherwise', '{"data":{"running":"{}"},"binaryData":{"running.json.gz":"abcd"}}'],
  ['what is no JSON', '{"data":{"running":"B"},"binaryData":{"running.json.gz":"abcd"}}'],
])('When the config map has %s, then it is not taken for a note', (_what, text) => {
  expect(asked('ticketing_is_note', text)).toBe(false);
});

test('When there is a note, or none yet, then it is taken', () => {
  const note = asked('ticketing_note', { running: release('A'), previous: null, attempting: null }, 'ticketing', '1');
  expect(asked('ticketing_is_note', JSON.stringify(note))).toBe(true);
  expect(asked('ticketing_is_note', '')).toBe(true);
});

test("When AWS has a secret that is another environment's, or nobody's, then it is named", () => {
  const answer = (Name: string, ...marks: string[]) => ({
    rc: 0,
    stdout: JSON.stringify({ Name, Tags: marks.map((Value) => ({ Key: 'ticketing-environment', Value })) }),
  });
  const others = {
    rc: 0,
    stdout: JSON.stringify({ Name: 'ticket-secret', Tags: [{ Key: 'team', Value: 'production' }] }),
  };
  const answers = [
    answer('stripe-secret', 'production'),
    answer('jwt-secret', 'staging'),
    others,
    { rc: 0, stdout: JSON.stringify({ Name: 'another' }) },
    { rc: 254, stdout: '', stderr: 'ResourceNotFoundException' },
    { msg: 'No such file or directory: aws' },
  ];
  expect(asked('ticketing_foreign', answers, 'production')).toEqual([
    'another (of none)',
    'jwt-secret (staging)',
    'ticket-secret (of none)',
  ]);
});
