// What charts are told of the pods that they make: on EKS by bootstrapping, on kind by k8s/kind.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { definitionSources } from '../checks/definitions';
import { goModuleFolder } from '../tools/provide-tools';

interface Asking {
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
}

const repository = join(__dirname, '../../..');
const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const { addons_charts: charts } = parse(read('ansible/roles/addons/defaults/main.yml')) as {
  addons_charts: { name: string; values: Record<string, unknown> }[];
};
const told = <T>(name: string) => charts.find((chart) => chart.name === name)?.values as T;

test("each part of Dapr's control plane asks for what it needs, so that it is not the first to be evicted", () => {
  const [module = '', version = ''] = definitionSources().find(([name]) => name?.endsWith('/dapr')) ?? [];
  const folder = join(goModuleFolder(module, version), 'charts/dapr/charts');
  const parts = readdirSync(folder).filter((part) => {
    const values = join(folder, part, 'values.yaml');
    return existsSync(values) && 'resources' in ((parse(readFileSync(values, 'utf8')) as object | null) ?? {});
  });
  expect(parts.length).toBeGreaterThan(3);
  const values = told<Record<string, Asking>>('dapr');
  for (const part of parts) {
    expect([part, values[part]?.resources?.requests]).toEqual([
      part,
      { cpu: expect.stringMatching(/^\d+m$/), memory: expect.stringMatching(/^\d+Mi$/) },
    ]);
    expect([part, values[part]?.resources?.limits?.memory]).toEqual([part, expect.stringMatching(/^\d+[MG]i$/)]);
  }
});

test('the pods of the ingress are never both on one node, and have a limit', () => {
  const { controller } = told<{ controller: Asking & { topologySpreadConstraints: object[] } }>('ingress-nginx');
  expect(controller.topologySpreadConstraints).toContainEqual(
    expect.objectContaining({ topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' }),
  );
  expect(controller.resources?.limits?.memory).toMatch(/^\d+[MG]i$/);
});

test('on kind, where the ports of its one node are the ingress, the old pod goes before the new one comes', () => {
  const { controller } = parse(read('k8s/kind/ingress-nginx-values.yaml')) as {
    controller: {
      hostPort: { enabled: boolean };
      updateStrategy: { rollingUpdate: { maxUnavailable: number } };
      terminationGracePeriodSeconds: number;
    };
  };
  expect(controller.hostPort.enabled).toBe(true);
  expect(controller.updateStrategy.rollingUpdate.maxUnavailable).toBe(1);
  expect(controller.terminationGracePeriodSeconds).toBeLessThanOrEqual(30);
});

test('on kind, too, definitions of a chart are renewed before the chart is', () => {
  const script = read('k8s/kind/create-cluster.sh');
  const renewed = /^helm show crds dapr .*--version "\$dapr_version" \\\n {2}\| kubectl .* apply --server-side/m.exec(
    script,
  );
  expect(renewed).not.toBeNull();
  expect(renewed?.index).toBeLessThan(script.indexOf('\nchart dapr '));
});
