// Alerts: each asks for metrics that there are, fires when it has to and not when it must not, and has its part in the
// runbook.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from '@ticketing/common';
import { parse } from 'yaml';
import { services } from '../../../dapr/local/src/apps';
import { providePromql } from '../tools/provide-promql';
import { type AlertCase, alertCases, brokerAway } from './alert-cases';
import { buildEnvironment, buildWith, environments, repository } from './environments';
import { type NetworkPolicySpec, ofKind, podOf, specOf, type Workload, workloadsIn } from './resource';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string };
}

interface Job {
  job_name: string;
  static_configs?: { targets: string[] }[];
  dns_sd_configs?: { names: string[]; port: number }[];
  kubernetes_sd_configs?: { role: string }[];
  metric_relabel_configs?: { source_labels: string[]; regex: string; action: string }[];
}

const resources = buildEnvironment('eks with all opt-ins');
const config = ofKind(resources, 'ConfigMap').find(({ metadata }) => metadata.name.startsWith('prometheus-config-'));
const { scrape_configs: jobs } = parse(config?.data?.['prometheus.yml'] ?? '') as { scrape_configs: Job[] };
const { groups } = parse(config?.data?.['alerts.yml'] ?? '') as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const runbook = readFileSync(join(repository, 'docs/runbooks/alerts.md'), 'utf8');

/** What is measured, and with which labels; Prometheus adds `app`, `pod`, `ready` and `job`. */
const measured = async (): Promise<Map<string, string[]>> => {
  const { registry } = createMetrics('any');
  const found = await registry.getMetricsAsJSON();
  const labels = (name: string) =>
    (registry.getSingleMetric(name) as unknown as { labelNames?: string[] }).labelNames ?? [];
  // As the versions that are pinned have it: pkg/sentry/monitoring/metrics.go of Dapr, internal/ingress/metric/collectors/
  // socket.go of ingress-nginx, pkg/metrics/metrics.go of cert-manager, pkg/kubelet/metrics/collectors/volume_stats.go of
  // Kubernetes, docs/metrics/workload of kube-state-metrics, collector/jsz.go and healthz.go of
  // prometheus-nats-exporter.
  const ofOthers: [string, string[]][] = [
    ['up', []],
    ['dapr_sentry_issuercert_expiry_timestamp', []],
    ['nginx_ingress_controller_requests', ['namespace', 'service', 'status']],
    ['certmanager_certificate_ready_status', ['name', 'namespace', 'condition']],
    ['certmanager_certificate_expiration_timestamp_seconds', ['name', 'namespace']],
    ['kubelet_volume_stats_available_bytes', ['namespace', 'persistentvolumeclaim']],
    ['kubelet_volume_stats_capacity_bytes', ['namespace', 'persistentvolumeclaim']],
    ['gnatsd_healthz_status_value', ['server_id', 'value']],
    ['jetstream_consumer_num_pending', ['server_name', 'stream_name', 'consumer_name', 'is_consumer_leader']],
    ['kube_pod_status_phase', ['namespace', 'phase']],
    ['kube_pod_container_status_restarts_total', ['namespace', 'container']],
    ['kube_pod_init_container_status_restarts_total', ['namespace', 'container']],
    ['kube_horizontalpodautoscaler_status_desired_replicas', ['namespace', 'horizontalpodautoscaler']],
    ['kube_horizontalpodautoscaler_spec_min_replicas', ['namespace', 'horizontalpodautoscaler']],
    ['kube_horizontalpodautoscaler_spec_max_replicas', ['namespace', 'horizontalpodautoscaler']],
  ];
  return new Map([...ofOthers, ...found.map(({ name }): [string, string[]] => [name, labels(name)])]);
};

test('Prometheus is told to read them', () => {
  const { rule_files: files } = parse(config?.data?.['prometheus.yml'] ?? '') as { rule_files: string[] };
  expect(files).toEqual(['/etc/prometheus/alerts.yml']);
  expect(rules.length).toBeGreaterThan(5);
});

test.each(rules.map((rule): [string, Rule] => [rule.alert, rule]))(
  '%s asks for what is measured',
  async (_name, rule) => {
    const known = await measured();
    const series = [...rule.expr.matchAll(/\b([a-z_]+)\{([^}]*)\}|\b([a-z_]+_total|[a-z_]+_(?:count|bucket))\b/g)];
    expect(series.length).toBeGreaterThan(0);
    for (const [, name, matchers = '', bare] of series) {
      const metric = String(name ?? bare).replace(/_(count|bucket|sum)$/, '');
      expect([metric, known.has(metric)]).toEqual([metric, true]);
      const asked = [...matchers.matchAll(/(\w+)=/g)].map(([, label]) => label);
      const given = [...(known.get(metric) ?? []), 'app', 'pod', 'ready', 'job'];
      expect(asked.filter((label) => !given.includes(String(label)))).toEqual([]);
    }
    expect(['page', 'look']).toContain(rule.labels.severity);
  },
);

test('Prometheus asks each that is asked for by its job', () => {
  const asked = rules.flatMap(({ expr }) =>
    [...expr.matchAll(/job=~?"([\w|]+)"/g)].flatMap(([, names = '']) => names.split('|')),
  );
  expect([...new Set(asked)].sort()).toEqual(jobs.map(({ job_name: name }) => name).sort());
});

test('Prometheus keeps what is asked for, of those who tell more than that', () => {
  const dropped = jobs.flatMap(({ job_name: job, metric_relabel_configs: kept = [] }) => {
    const asked = rules.flatMap(({ expr }) => [...expr.matchAll(new RegExp(`\\b(\\w+)\\{job="${job}"`, 'g'))]);
    const names = asked.map(([, name = '']) => name).filter((name) => name !== 'up');
    if (kept.length > 0) expect([job, names.length > 0]).toEqual([job, true]);
    return kept.flatMap(({ regex }) => names.filter((name) => !new RegExp(`^(?:${regex})$`).test(name)));
  });
  expect(dropped).toEqual([]);
});

test('Prometheus may reach whom it asks in other namespaces, and kubelets', () => {
  const policy = ofKind(resources, 'NetworkPolicy').find(({ metadata }) => metadata.name === 'prometheus');
  const { egress = [] } = specOf<NetworkPolicySpec>(policy ?? { apiVersion: '', kind: '', metadata: { name: '' } });
  const open = egress.flatMap(({ to, ports = [] }) =>
    ports.flatMap(({ port }) =>
      (to ?? [undefined]).map(
        (peer) =>
          `${peer?.namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'] ?? (peer ? 'here' : 'all')}:${port}`,
      ),
    ),
  );
  const asked = jobs.flatMap(({ static_configs: fixed = [], dns_sd_configs: named = [] }) => [
    ...fixed.flatMap(({ targets }) => targets),
    ...named.flatMap(({ names, port }) => names.map((name) => `${name}:${port}`)),
  ]);
  expect(asked).toHaveLength(4);
  const doors = asked.map((address) =>
    address.replace(/^[\w-]+\.([\w-]+)\.svc:(\d+)$/, '$1:$2').replace(/^kube-state-metrics:/, 'here:'),
  );
  expect(doors.filter((door) => !open.includes(door))).toEqual([]);
  // As a node tells it in its status: https://kubernetes.io/docs/reference/networking/ports-and-protocols/
  expect(
    jobs.filter(({ kubernetes_sd_configs: found = [] }) => found.some(({ role }) => role === 'node')),
  ).toHaveLength(1);
  expect(open).toContain('all:10250');
});

const stateMetrics = () => workloadsIn(resources).find(({ metadata }) => metadata.name === 'kube-state-metrics');

test('kube-state-metrics measures what is asked for, of what it may read, and nothing else', () => {
  const pod = podOf(stateMetrics() ?? { apiVersion: '', kind: '', metadata: { name: '' } });
  const words = new Map(
    pod.spec.containers.flatMap(({ args = [] }) =>
      args.map((arg) => arg.replace('--', '').split('=')).map(([word = '', value = '']) => [word, value.split(',')]),
    ),
  );
  const asked = rules.flatMap(({ expr }) => [...expr.matchAll(/\b(\w+)\{job="cluster"/g)].map(([, name]) => name));
  expect(words.get('metric-allowlist')?.sort()).toEqual([...new Set(asked)].filter((name) => name !== 'up').sort());
  expect(words.get('namespaces')).toEqual(['ticketing']);
  const [role] = ofKind(resources, 'Role').filter(({ metadata }) => metadata.name === pod.spec.serviceAccountName);
  expect(role?.rules?.map(({ verbs }) => verbs)).toEqual([
    ['list', 'watch'],
    ['list', 'watch'],
  ]);
  expect(role?.rules?.flatMap((rule) => rule.resources).sort()).toEqual(words.get('resources')?.sort());
});

test('Each server of JetStream is asked, by its number, and nobody waits for who asks', () => {
  const [servers, exporters] = ['nats', 'nats-exporter'].map((name) =>
    workloadsIn(resources).find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name),
  );
  if (!servers || !exporters) throw new Error('one of them is not there');
  expect(specOf<Workload>(exporters).replicas).toBe(specOf<Workload>(servers).replicas);
  const [asks] = podOf(exporters).spec.containers;
  const { serviceName } = specOf<{ serviceName: string }>(servers);
  const port = podOf(servers)
    .spec.containers.flatMap(({ ports = [] }) => ports)
    .find(({ name }) => name === 'monitor')?.containerPort;
  expect(asks?.args).toEqual(['-healthz', '-jsz=consumers', `http://nats-$(NUMBER).${serviceName}:${port}`]);
  expect(podOf(servers).spec.containers.map(({ name }) => name)).toEqual(['nats']);
  const doors = ofKind(resources, 'NetworkPolicy')
    .filter(({ metadata }) => metadata.name.includes('nats-exporter'))
    .map((one) => {
      const { podSelector, ingress = [], egress = [] } = specOf<NetworkPolicySpec>(one);
      const ports = [...ingress, ...egress].flatMap((rule) => (rule.ports ?? []).map((open) => open.port));
      return `${podSelector.matchLabels?.['app.kubernetes.io/name']}: ${ports}`;
    });
  expect(doors.sort()).toEqual([`nats-exporter: 7777,${port}`, `nats: ${port}`, 'prometheus: 7777'].sort());
});

const read = (path: string): unknown => parse(readFileSync(join(repository, path), 'utf8'));
interface IngressValues {
  controller: { metrics?: object };
}
const ingressValues: Record<string, () => IngressValues | undefined> = {
  kind: () => read('k8s/kind/ingress-nginx-values.yaml') as IngressValues,
  EKS: () => {
    const addons = read('ansible/roles/addons/defaults/main.yml') as {
      addons_charts: { name: string; values: IngressValues }[];
    };
    return addons.addons_charts.find(({ name }) => name === 'ingress-nginx')?.values;
  },
};

test.each(Object.entries(ingressValues))(
  'ingress-nginx is told to measure on %s, by a service that names each of its pods',
  (_where, values) => {
    expect(values()?.controller.metrics).toMatchObject({ enabled: true, service: { clusterIP: 'None' } });
  },
);

test('An Alertmanager is named by the overlay, in the words of the runbook, and without them there is none', () => {
  const [, words = ''] = /```yaml\n(configMapGenerator:\n[^`]*)```/.exec(runbook) ?? [];
  const overlay = buildWith(environments['eks with all opt-ins'], parse(words) as object);
  const { alerting } = parse(config?.data?.['prometheus.yml'] ?? '') as {
    alerting: { alertmanagers: { file_sd_configs: { files: string[] }[] }[] };
  };
  const files = alerting.alertmanagers.flatMap((one) => one.file_sd_configs.flatMap((found) => found.files));
  const prometheus = workloadsIn(overlay).find(({ metadata }) => metadata.name === 'prometheus');
  const { containers = [], volumes = [] } = prometheus ? podOf(prometheus).spec : {};
  const read = volumes.flatMap(({ name, configMap }) => {
    const named = ofKind(overlay, 'ConfigMap').find(({ metadata }) => metadata.name === configMap?.name);
    const at = containers[0]?.volumeMounts?.find((mount) => mount.name === name)?.mountPath;
    return Object.entries(named?.data ?? {})
      .filter(([key]) => files.includes(`${at}/${key.replace(/^\w+/, '*')}`))
      .map(([, content]): unknown => parse(content));
  });
  expect(read).toEqual([[{ targets: ['alertmanager.monitoring.svc:9093'] }]]);

  const policy = ofKind(overlay, 'NetworkPolicy').find(({ metadata }) => metadata.name === 'prometheus');
  const { egress = [] } = specOf<NetworkPolicySpec>(policy ?? { apiVersion: '', kind: '', metadata: { name: '' } });
  expect(egress.filter(({ ports = [] }) => ports.some(({ port }) => port === 9093)).map(({ to }) => to)).toEqual([
    [{ namespaceSelector: {}, podSelector: { matchLabels: { 'app.kubernetes.io/name': 'alertmanager' } } }],
  ]);
  // It starts without them, too, and looks for them again.
  expect(volumes.map(({ configMap }) => configMap).filter((one) => one?.optional)).toEqual([
    { name: 'alertmanagers', optional: true },
  ]);
  expect(ofKind(resources, 'ConfigMap').map(({ metadata }) => metadata.name)).not.toContain('alertmanagers');
});

test('Prometheus may read what it looks for in the cluster, and nothing else', () => {
  const rights = ofKind(resources, 'Role', 'ClusterRole')
    .filter(({ metadata }) => metadata.name.endsWith('prometheus'))
    .flatMap(({ kind, rules: given = [] }) => given.map((one) => `${kind}: ${one.verbs} ${one.resources}`));
  expect(rights.sort()).toEqual([
    'ClusterRole: get nodes/metrics',
    'ClusterRole: get,list,watch nodes',
    'Role: get,list,watch pods',
  ]);
  const prometheus = workloadsIn(resources).find(({ metadata }) => metadata.name === 'prometheus');
  const account = prometheus && podOf(prometheus).spec.serviceAccountName;
  const bindings = ofKind(resources, 'RoleBinding', 'ClusterRoleBinding').filter(({ metadata }) =>
    metadata.name.endsWith('prometheus'),
  );
  expect(bindings.map(({ subjects }) => subjects)).toEqual(
    bindings.map(() => [{ kind: 'ServiceAccount', name: account, namespace: 'ticketing' }]),
  );
  expect(bindings).toHaveLength(2);
});

test('Prometheus understands each, and would not one that is no expression', () => {
  const parse = (...expressions: string[]) => spawnSync(providePromql(), expressions, { encoding: 'utf8' });
  expect(parse(...rules.map(({ expr }) => expr))).toMatchObject({ status: 0, stderr: '' });
  expect(parse('sum by (app) (up', 'up')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('unclosed left'),
  });
}, 300_000);

describe('Each fires when it has to, and not when it must not', () => {
  const tried = rules.map(({ alert }): [string] => [alert]);
  let fired: Map<string, { fires: Fired[]; quiet: Fired[]; twinFires: Fired[]; twinQuiet: Fired[] }>;

  beforeAll(() => {
    fired = new Map(
      rules.map((rule) => {
        const one = caseOf(rule);
        const twin = twinOf(rule, one);
        const [fires = [], quiet = [], twinFires = [], twinQuiet = []] = tryAlerts(
          [rule, rule, twin, twin].map((which, index) => ({
            ...which,
            series: index % 2 === 0 ? one.fires : one.quiet,
            minutes: one.minutes,
          })),
        );
        return [rule.alert, { fires, quiet, twinFires, twinQuiet }];
      }),
    );
  }, 300_000);

  test.each(tried)('%s', (alert) => {
    const { fires, quiet } = fired.get(alert) ?? { fires: [], quiet: [] };
    expect(fires.map(({ summary }) => summary)).toEqual(alertCases[alert]?.says);
    expect(quiet).toEqual([]);
  });

  test.each(tried)('%s, without what tells the two apart, does not', (alert) => {
    const { fires, quiet, twinFires, twinQuiet } = fired.get(alert) ?? {};
    expect([twinFires, twinQuiet]).not.toEqual([fires, quiet]);
    expect(twinFires?.length === 0 || twinQuiet?.length !== 0).toBe(true);
  });

  test('There is no case for a rule that there is not', () => {
    expect(Object.keys(alertCases).sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });
});

describe('When the broker takes nothing', () => {
  const firing = (minutes: number) =>
    tryAlerts(rules.map((rule) => ({ ...rule, series: brokerAway, minutes }))).flatMap((fired, index) =>
      fired.map(({ labels }) => `${rules[index]?.alert} ${labels.app}`),
    );

  test('then each service whose events wait is told of after some minutes, for as long as it lasts', () => {
    expect(Object.fromEntries([12, 15, 39].map((minute) => [minute, firing(minute)]))).toEqual({
      12: [],
      15: ['EventsWait orders', 'EventsWait payments'],
      39: ['EventsWait orders', 'EventsWait payments'],
    });
  });

  test('then nobody is told before it is away, and what was told is over once it is back', () => {
    expect([firing(9), firing(45)]).toEqual([[], []]);
  });
});

test('A disk is told to be full before JetStream refuses events', () => {
  const server = ofKind(resources, 'StatefulSet').find(({ metadata }) => metadata.name === 'nats');
  const [claim] = specOf<{ volumeClaimTemplates: { spec: { resources: { requests: { storage: string } } } }[] }>(
    server ?? { apiVersion: '', kind: '', metadata: { name: '' } },
  ).volumeClaimTemplates;
  const volumeGiB = Number(/^(\d+)Gi$/.exec(claim?.spec.resources.requests.storage ?? '')?.[1]);
  const settings = ofKind(resources, 'ConfigMap').find(({ metadata }) => metadata.name.startsWith('nats-config-'));
  // NATS counts a GB as 2^30 bytes: conf/parse.go.
  const mostGiB = Number(/max_file_store: (\d+)GB/.exec(settings?.data?.['nats.conf'] ?? '')?.[1]);
  const full = rules.find(({ alert }) => alert === 'DiskFull');
  expect(1 - mostGiB / volumeGiB).toBeLessThan(Number(/< ([\d.]+)$/.exec(full?.expr ?? '')?.[1]));
});

test('Each has its part in the runbook, and a line in its table; none is told there that is not', () => {
  const names = rules.map(({ alert }) => alert);
  const parts = [...runbook.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
  const rows = [...runbook.matchAll(/^\| \[(\w+)\]\(#(\w+)\)/gm)];
  expect(parts).toEqual(names);
  expect(rows.map(([, name]) => name)).toEqual(names);
  for (const [, name, anchor] of rows) expect(anchor).toBe(name?.toLowerCase());
});

test('No service can go away unseen', () => {
  const away = rules.find(({ alert }) => alert === 'ServiceAway');
  const named = [...(away?.expr.matchAll(/app="(\w+)"/g) ?? [])].map(([, name]) => name);
  expect(named).toEqual([...services]);
});

interface Fired {
  labels: Record<string, string>;
  summary: string;
}

type Trial = Rule & { series: string[]; minutes: number };

const tryAlerts = (trials: Trial[]): Fired[][] => {
  const input = JSON.stringify(trials.map(({ annotations, ...one }) => ({ ...one, summary: annotations.summary })));
  const { status, stdout, stderr } = spawnSync(providePromql(), { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Prometheus' engine: ${stderr}`);
  return JSON.parse(stdout) as Fired[][];
};

const caseOf = ({ alert }: Rule): AlertCase => {
  const found = alertCases[alert];
  if (!found) throw new Error(`nobody has tried ${alert}`);
  return found;
};

const twinOf = (rule: Rule, { twin: [was, becomes] }: AlertCase): Rule => {
  if (was === 'for') return { ...rule, for: becomes };
  if (!rule.expr.includes(was)) throw new Error(`${rule.alert} does not say ${was}`);
  return { ...rule, expr: rule.expr.replaceAll(was, becomes) };
};
