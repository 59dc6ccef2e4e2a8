// What the cluster is given before any release, and Dapr's own control plane for it.
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { definitionSources } from '../../checks/definitions';
import { goModuleFolder } from '../../tools/provide-tools';
import { startChartMirror } from '../chart-mirror';
import { type DaprControlPlane, startDapr } from '../dapr-control-plane';
import { type Play, playbooks } from '../playbooks';
import { expect, tell } from '../report';
import { volumesOfClass } from '../volumes';
import { imagesAt } from './releases';
import type { Stage } from './stage';

export async function rehearseBootstrap(stage: Stage): Promise<{ play: Play; dapr: DaprControlPlane }> {
  const { programs, plane, clone, site, folder, closing, aws, registry } = stage;
  const mirror = await startChartMirror({ programs, folder: folder('charts'), charts: chartsOf(clone.root) });
  closing.push(() => mirror.server.close());
  const play = playbooks({
    root: clone.root,
    folder: folder('playbooks'),
    path: [registry.path, programs.path].join(delimiter),
    kubeconfig: plane.kubeconfig,
    env: aws.env,
    settings: {
      kube_context: 'rehearsal',
      smoke_url: site.url,
      ask_before_changes: false,
      rollout_timeout_seconds: 180,
      chart_mirror: mirror.url,
      registry: imagesAt,
      external_dns_domain: 'example.com',
    },
  });
  const releases = () =>
    plane.kubectl(['get', 'secrets', '--all-namespaces', '--selector', 'owner=helm', '--output', 'name']);

  tell('bootstrap of an empty cluster');
  const early = await play('deploy', { ref: 'HEAD' });
  expect(
    'nothing is deployed before it',
    early.code !== 0 && /has no namespace ticketing of production: ansible\/bootstrap\.yml makes it/.test(early.said),
    () => early.output,
  );
  plane.apply(...volumesOfClass('gp3', 60));
  const looked = await play('bootstrap', {}, ['--check']);
  expect('--check tells and installs nothing', looked.code === 0 && releases() === '', () => looked.output);
  const first = await play('bootstrap');
  expect('every chart is installed', first.code === 0 && releases().split('\n').length === 7, () => first.output);
  const again = await play('bootstrap');
  expect('again: nothing changes', again.code === 0 && again.changed === 0, () => again.output);
  tell('bootstrap of a cluster whose definitions are of an older version');
  const shortNames = ['get', 'crd', certificates, '--output', 'jsonpath={.spec.names.shortNames}'];
  const known = plane.kubectl(shortNames);
  plane.kubectl([
    'patch',
    'crd',
    certificates,
    '--type',
    'merge',
    '--patch',
    '{"spec":{"names":{"shortNames":["old"]}}}',
  ]);
  const renewed = await play('bootstrap');
  expect('they are renewed', renewed.code === 0 && plane.kubectl(shortNames) === known, () => renewed.output);

  tell("bootstrap with the inventory of another cluster's environment");
  const other = await play('bootstrap', { cluster_environment: 'staging' });
  expect(
    'it is refused',
    other.code !== 0 &&
      /is that of production, and this inventory that of staging\. Nothing was changed/.test(other.said),
    () => other.output,
  );

  const dapr = JSON.parse(
    plane.kubectl(['get', 'deployments,statefulsets', '--namespace', 'dapr-system', '--output', 'json']),
  ) as { items: { spec: { template: { spec: { containers: { resources: { requests?: object } }[] } } } }[] };
  const asking = dapr.items.flatMap(({ spec }) => spec.template.spec.containers.map(({ resources }) => resources));
  expect(
    "each pod of Dapr's control plane asks for what it needs",
    asking.length === 5 && asking.every(({ requests }) => Object.keys(requests ?? {}).length === 2),
    () => asking,
  );

  const classes = plane.kubectl(['get', 'storageclass']);
  expect('volumes have a class that is taken by itself', /gp3 \(default\)/.test(classes), () => classes);

  tell("Dapr's sentry, operator and injector");
  const running = await startDapr({ programs, plane, folder: folder('dapr') });
  closing.push(() => running.stop());
  const [module = '', version = '', where = ''] =
    definitionSources().find(([name]) => name?.endsWith('gateway-api')) ?? [];
  plane.kubectl(['apply', '--server-side', '--filename', join(goModuleFolder(module, version), where)]);
  return { play, dapr: running };
}

const certificates = 'certificates.cert-manager.io';

/** What the playbook asks for, and of Dapr the version of the sidecars. */
function chartsOf(root: string): Record<string, string> {
  const defaults = parse(readFileSync(join(root, 'ansible/roles/addons/defaults/main.yml'), 'utf8')) as {
    addons_charts: { name: string; version: string }[];
  };
  const module = readFileSync(join(root, 'dapr/runtime/daprd/go.mod'), 'utf8');
  const dapr = /^require github\.com\/dapr\/dapr v(\S+)$/m.exec(module)?.[1] ?? '';
  return Object.fromEntries(
    defaults.addons_charts.map(({ name, version }) => [name, name === 'dapr' ? dapr : version]),
  );
}
