// Alerts: each asks for metrics that services have, and has its part in the runbook.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from '@ticketing/common';
import { parse } from 'yaml';
import { services } from '../../../dapr/local/src/apps';
import { providePromql } from '../tools/provide-promql';
import { buildEnvironment, repository } from './environments';
import { ofKind } from './resource';

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
}

const config = ofKind(buildEnvironment('eks with all opt-ins'), 'ConfigMap').find(({ metadata }) =>
  metadata.name.startsWith('prometheus-config-'),
);
const { groups } = parse(config?.data?.['alerts.yml'] ?? '') as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const runbook = readFileSync(join(repository, 'docs/runbooks/alerts.md'), 'utf8');

/** What services measure, and with which labels; Prometheus adds `app`, `pod` and `job`. */
const measured = async (): Promise<Map<string, string[]>> => {
  const { registry } = createMetrics('any');
  const found = await registry.getMetricsAsJSON();
  const labels = (name: string) =>
    (registry.getSingleMetric(name) as unknown as { labelNames?: string[] }).labelNames ?? [];
  // The last of Dapr's sentry: pkg/sentry/monitoring/metrics.go of the version that is pinned.
  const ofOthers: [string, string[]][] = [
    ['up', []],
    ['dapr_sentry_issuercert_expiry_timestamp', []],
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
      const given = [...(known.get(metric) ?? []), 'app', 'pod', 'job'];
      expect(asked.filter((label) => !given.includes(String(label)))).toEqual([]);
    }
    expect(['page', 'look']).toContain(rule.labels.severity);
  },
);

test('Prometheus asks, and may reach, each that is asked for by its job', () => {
  const { scrape_configs: jobs } = parse(config?.data?.['prometheus.yml'] ?? '') as {
    scrape_configs: { job_name: string }[];
  };
  const asked = rules.flatMap(({ expr }) => [...expr.matchAll(/job="(\w+)"/g)].map(([, job]) => job));
  expect([...new Set(asked)].sort()).toEqual(jobs.map(({ job_name: name }) => name).sort());
  const policy = ofKind(buildEnvironment('eks with all opt-ins'), 'NetworkPolicy').find(
    ({ metadata }) => metadata.name === 'prometheus',
  );
  expect(JSON.stringify(policy)).toContain('{"kubernetes.io/metadata.name":"dapr-system"}');
});

test('Prometheus understands each, and would not one that is no expression', () => {
  const parse = (...expressions: string[]) => spawnSync(providePromql(), expressions, { encoding: 'utf8' });
  expect(parse(...rules.map(({ expr }) => expr))).toMatchObject({ status: 0, stderr: '' });
  expect(parse('sum by (app) (up', 'up')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('unclosed left'),
  });
}, 300_000);

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
