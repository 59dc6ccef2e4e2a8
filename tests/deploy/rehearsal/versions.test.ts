// One version of each thing, wherever it is written.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { definitionSources, kubernetesVersion } from '../checks/definitions';

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

test('Kubernetes on EKS and on kind is that of the rehearsal, and manifests are checked against it', () => {
  const [, ofRehearsal = ''] =
    /k8s\.io\/kubernetes v(\S+)/.exec(read('tests/deploy/rehearsal/control-plane/go.mod')) ?? [];
  expect(ofRehearsal).toMatch(/^1\.\d+\.\d+$/);
  const { nodes } = parse(read('k8s/kind/cluster.yaml')) as { nodes: { image: string }[] };
  expect(nodes.length).toBeGreaterThan(0);
  for (const { image } of nodes)
    expect(image).toMatch(new RegExp(`^kindest/node:v${ofRehearsal}@sha256:[0-9a-f]{64}$`));
  expect(clusterOnEks().metadata.version).toBe(kubernetesVersion());
  const [, ofNodes] = /# Of kind (\S+)'s release/.exec(read('k8s/kind/cluster.yaml')) ?? [];
  const [, asked] = /kind (\S+) or later/.exec(read('k8s/kind/require-tools.sh')) ?? [];
  expect(asked).toBeDefined();
  expect(asked).toBe(ofNodes);
});

test("Dapr's control plane in the rehearsal is of the sidecars' version", () => {
  const required = /^require github\.com\/dapr\/dapr (\S+)$/m;
  const ofSidecars = required.exec(read('dapr/runtime/daprd/go.mod'))?.[1];
  expect(ofSidecars).toMatch(/^v\d/);
  expect(required.exec(read('tests/deploy/rehearsal/dapr/go.mod'))?.[1]).toBe(ofSidecars);
});

test("eksctl adds nothing that a chart of bootstrapping would meet, and no extended support's price", () => {
  const { addons, addonsConfig, upgradePolicy } = clusterOnEks();
  const names = addons.map(({ name }) => name);
  // Without these, which it then does not add by itself either, no pod has a network.
  expect(names).toEqual(expect.arrayContaining(['vpc-cni', 'coredns', 'kube-proxy', 'eks-pod-identity-agent']));
  expect(addonsConfig.disableDefaultAddons).toBe(true);
  expect(names.filter((name) => addonVersion(name))).toEqual([]);
  expect(upgradePolicy.supportType).toBe('STANDARD');
});

/** As the runbook tells eksctl to make it. */
function clusterOnEks() {
  const [, text = ''] = /`cluster\.yaml`:\n\n```yaml\n([\s\S]*?)```/.exec(read('docs/runbooks/first-deploy.md')) ?? [];
  return parse(text) as {
    metadata: { version: string };
    addons: { name: string }[];
    addonsConfig: { disableDefaultAddons: boolean };
    upgradePolicy: { supportType: string };
  };
}
