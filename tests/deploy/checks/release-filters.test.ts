// What the playbooks make of a release's manifests, asked of their own filters.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildEnvironment, repository } from './environments';

const filters = join(repository, 'ansible/filter_plugins');
const asked = <T>(filter: string, input: unknown): T =>
  JSON.parse(
    execFileSync(
      'python3',
      [
        '-c',
        `import json, sys; sys.path.insert(0, sys.argv[1]); import ticketing; print(json.dumps(getattr(ticketing, sys.argv[2])(json.load(sys.stdin))))`,
        filters,
        filter,
      ],
      {
        input: JSON.stringify(input),
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

test('When a release has something no more, then what holds data, secrets and the notes of releases is kept', () => {
  const names = ['namespace/ticketing', 'persistentvolumeclaim/data-nats-0', 'deployment.apps/web'].map((name) => ({
    namespace: 'ticketing',
    name,
  }));
  expect(asked('ticketing_removable', names)).toEqual([{ namespace: 'ticketing', name: 'deployment.apps/web' }]);
});
