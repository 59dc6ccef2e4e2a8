// How long an event can be in hand, computed from what is set in three places, and held against when a broker brings it
// again: beyond that it would be tried twice beside itself, and counted among the dead letters while it may still succeed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultAnswerWithinMs, triesOfEvent } from '@ticketing/common';
import { parse } from 'yaml';

const repositoryDir = join(__dirname, '..', '..');
const componentsDir = join(repositoryDir, 'components');

interface Resource {
  kind: string;
  metadata: { name: string };
  spec: {
    type: string;
    metadata: { name: string; value?: string }[];
    policies: { retries: Record<string, { policy: string; maxInterval: string; maxRetries: number }> };
    targets: { components: Record<string, { inbound: { retry: string } }> };
  };
}

const environments = readdirSync(componentsDir, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) => readdirSync(join(componentsDir, name)).includes('resiliency.yaml'));

const read = (environment: string): Resource[] =>
  readdirSync(join(componentsDir, environment)).map((file) =>
    parse(readFileSync(join(componentsDir, environment, file), 'utf8')),
  );

const ms = (duration: string) => {
  const [, amount, unit] = /^(\d+)(ms|s)$/.exec(duration) ?? [];
  if (!amount) throw new Error(`${duration} is no duration that this test reads`);
  return Number(amount) * (unit === 's' ? 1_000 : 1);
};

/** Dapr's exponential retry (dapr/kit v0.18 retry.go over cenkalti/backoff v4): what the file does not set. */
const initialIntervalMs = 500;
const multiplier = 1.5;
const randomizationFactor = 0.5;

/** The pauses between the tries: as short and as long as drawn, and as they are set. */
function pausesMs({ policy, maxInterval, maxRetries }: { policy: string; maxInterval: string; maxRetries: number }) {
  expect(policy).toBe('exponential');
  const set = Array.from({ length: maxRetries }, (_, retry) =>
    Math.min(initialIntervalMs * multiplier ** retry, ms(maxInterval)),
  ).reduce((sum, pause) => sum + pause, 0);
  return { shortest: set * (1 - randomizationFactor), longest: set * (1 + randomizationFactor) };
}

describe.each(environments)('components/%s', (environment) => {
  const resources = read(environment);
  const resiliency = resources.find(({ kind }) => kind === 'Resiliency') as Resource;
  const pubsubs = resources.filter(({ kind, spec }) => kind === 'Component' && spec.type.startsWith('pubsub.'));

  test.each(pubsubs.map(({ metadata, spec }) => ({ name: metadata.name, spec })))(
    'events of one type on $name are done with before the broker brings them again',
    ({ name, spec }) => {
      const retry = resiliency.spec.policies.retries[resiliency.spec.targets.components[name]?.inbound.retry ?? ''];
      if (!retry) throw new Error(`${name} has no retries`);
      expect(retry.maxRetries + 1).toBe(triesOfEvent);
      const bringsAgain = spec.type === 'pubsub.redis' ? 'processingTimeout' : 'ackWait';
      const bringsAgainMs = ms(spec.metadata.find((item) => item.name === bringsAgain)?.value ?? '');

      const longestMs = (retry.maxRetries + 1) * defaultAnswerWithinMs + pausesMs(retry).longest;

      expect(longestMs).toBeLessThan(bringsAgainMs);
    },
  );

  test('what is written about it is true', () => {
    const [retry] = Object.values(resiliency.spec.policies.retries);
    if (!retry) throw new Error('no retries');
    const { shortest, longest } = pausesMs(retry);
    const atOnce = `${Math.floor(shortest / 1_000)} to ${Math.ceil(longest / 1_000)} s`;
    const atMost = `${Math.ceil(((retry.maxRetries + 1) * defaultAnswerWithinMs + longest) / 1_000)} s`;
    const page = readFileSync(join(repositoryDir, 'docs', 'architecture', 'README.md'), 'utf8');
    const file = readFileSync(join(componentsDir, environment, 'resiliency.yaml'), 'utf8');
    for (const text of [page, file]) {
      expect(text).toContain(atOnce);
      expect(text).toContain(`${atMost} at most`);
    }
    expect(file).toContain(`each try within ${defaultAnswerWithinMs / 1_000} s`);
  });
});

test('there are environments to look at', () => {
  expect(environments).toEqual(expect.arrayContaining(['dapr-init', 'local', 'local-nats']));
});
