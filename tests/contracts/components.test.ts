// The scopes of the pub/sub components against the contracts: only a topic's owner publishes to it, and only who handles
// its events may hear them, in every environment.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EventName, eventConsumers, events, type Topic, topicOwners } from '@ticketing/common';
import { parse } from 'yaml';

const folder = resolve(__dirname, '../../components');
const environments = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const topics = Object.keys(topicOwners) as Topic[];
const cases = environments.flatMap((environment) => topics.map((topic) => [environment, topic] as const));

interface Component {
  metadata: { name: string };
  spec: { metadata: { name: string; value?: string }[] };
  scopes: string[];
}

const consumersOf = (topic: Topic) =>
  Object.entries(eventConsumers).flatMap(([service, handled]) =>
    (Object.keys(handled) as EventName[]).some((name) => events[name].topic === topic) ? [service] : [],
  );

function scopesOf(environment: string, topic: Topic) {
  const component = parse(readFileSync(join(folder, environment, `${topic}.yaml`), 'utf8')) as Component;
  const value = (name: string) => component.spec.metadata.find((entry) => entry.name === name)?.value ?? '';
  const pairs = (text: string) =>
    Object.fromEntries(
      text
        .split(';')
        .filter(Boolean)
        .map((pair) => pair.split('=') as [string, string]),
    );
  return {
    name: component.metadata.name,
    apps: component.scopes,
    publishers: pairs(value('publishingScopes')),
    subscribers: pairs(value('subscriptionScopes')),
    protectedTopics: value('protectedTopics').split(','),
  };
}

describe.each(cases)('In %s, the component of %s', (environment, topic) => {
  const { name, apps, publishers, subscribers, protectedTopics } = scopesOf(environment, topic);
  const owner = topicOwners[topic];
  const consumers = consumersOf(topic);

  test('is named as its topic and reaches its owner and consumers alone', () => {
    expect(name).toBe(topic);
    expect([...apps].sort()).toEqual([...new Set([owner, ...consumers])].sort());
  });

  test('lets its owner alone publish; consumers may dead-letter', () => {
    const dead = Object.fromEntries(consumers.map((consumer) => [consumer, `${topic}.dead`]));
    expect(publishers).toEqual({ ...dead, [owner]: topic });
    expect(protectedTopics.sort()).toEqual([topic, `${topic}.dead`]);
  });

  test('lets consumers alone subscribe', () => {
    const mine = Object.fromEntries(Object.entries(subscribers).filter(([, allowed]) => allowed === topic));
    expect(mine).toEqual(Object.fromEntries(consumers.map((consumer) => [consumer, topic])));
  });
});
