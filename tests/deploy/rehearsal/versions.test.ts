// One version of each thing, wherever it is written.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { definitionSources } from '../checks/definitions';

const repository = join(__dirname, '../../..');
const read = (path: string) => readFileSync(join(repository, path), 'utf8');

const addons = parse(read('ansible/roles/addons/defaults/main.yml')) as {
  addons_charts: { name: string; version: string }[];
};
const addonVersion = (name: string) => addons.addons_charts.find((chart) => chart.name === name)?.version;

test.each(['ingress-nginx', 'cert-manager', 'metrics-server'])('%s on EKS is that of kind', (name) => {
  const variable = `${name.replaceAll('-', '_')}_version`;
  const onKind = new RegExp(`^${variable}=(\\S+)$`, 'm').exec(read('k8s/kind/create-cluster.sh'))?.[1];
  expect(onKind).toBeDefined();
  expect(addonVersion(name)).toBe(onKind);
});

test('certificates are checked against the definitions of the cert-manager that is installed', () => {
  const [, version] = definitionSources().find(([module]) => module?.endsWith('/cert-manager')) ?? [];
  expect(version).toBe(addonVersion('cert-manager'));
});

test("Dapr's control plane in the rehearsal is of the sidecars' version", () => {
  const required = /^require github\.com\/dapr\/dapr (\S+)$/m;
  const ofSidecars = required.exec(read('dapr/runtime/daprd/go.mod'))?.[1];
  expect(ofSidecars).toMatch(/^v\d/);
  expect(required.exec(read('tests/deploy/rehearsal/dapr/go.mod'))?.[1]).toBe(ofSidecars);
});
