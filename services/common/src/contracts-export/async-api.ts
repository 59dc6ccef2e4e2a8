// The events as one AsyncAPI 3.0 document. Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0
import {
  cloudEventSchema,
  contractUri,
  type EventDefinition,
  type EventName,
  eventConsumers,
  events,
  makeEvent,
  type Topic,
  topicOwners,
} from '../contracts';
import { allEvents } from './event-schemas';
import { groupBy } from './group-by';
import { type Json, jsonSchema } from './json-schema';
import { apiVersion } from './open-api';

const topics = Object.keys(topicOwners) as Topic[];

export const asyncApiDocument = (): Json => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Ticketing events',
    version: apiVersion,
    description:
      'What the services tell each other, through Dapr pub/sub. Only the owner of a topic publishes to it. Every app ' +
      'gets each event at least once, maybe again, maybe late: keep the newest `version`, ignore what you have seen.',
    license: { name: 'MIT' },
  },
  defaultContentType: 'application/cloudevents+json',
  servers: {
    sidecar: {
      host: 'localhost:{daprHttpPort}',
      protocol: 'http',
      description: "Each app's own Dapr sidecar; the broker behind it differs by environment",
      variables: { daprHttpPort: { default: '3500', description: 'DAPR_HTTP_PORT in the environment of the app' } },
    },
  },
  channels: Object.fromEntries(topics.map((topic) => [topic, channel(topic)])),
  operations: { ...publishing(), ...subscribing() },
  components: {
    schemas: {
      CloudEvent: jsonSchema(cloudEventSchema),
      ...Object.fromEntries(allEvents().map((event) => [event.name, jsonSchema(event.schema)])),
    },
    messages: Object.fromEntries(allEvents().map((event) => [event.name, message(event)])),
  },
});

const channel = (topic: Topic): Json => ({
  address: topic,
  title: topic,
  description: `Published by ${topicOwners[topic]}, and by nobody else.`,
  servers: [{ $ref: '#/servers/sidecar' }],
  messages: Object.fromEntries(
    allEvents()
      .filter((event) => event.topic === topic)
      .map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]),
  ),
  bindings: {
    'x-dapr': {
      pubsubName: topic,
      topic,
      publisher: topicOwners[topic],
      deadLetter: { pubsubName: `${topic}-dead`, topic: `${topic}.dead` },
    },
  },
});

const publishing = (): Json =>
  Object.fromEntries(
    topics.map((topic) => [
      `${topicOwners[topic]}-sends-${topic}`,
      {
        action: 'send',
        title: `${topicOwners[topic]} publishes ${topic}`,
        channel: { $ref: `#/channels/${topic}` },
        messages: allEvents()
          .filter((event) => event.topic === topic)
          .map(({ name }) => messageOn(topic, name)),
        bindings: {
          'x-dapr': { appId: topicOwners[topic], request: `POST /v1.0-alpha1/publish/bulk/${topic}/${topic}` },
        },
      },
    ]),
  );

const subscribing = (): Json =>
  Object.fromEntries(
    Object.entries(eventConsumers).flatMap(([service, handled]) => {
      const byTopic = groupBy(Object.keys(handled) as EventName[], (name) => events[name].topic);
      return [...byTopic].map(([topic, names]) => [
        `${service}-receives-${topic}`,
        {
          action: 'receive',
          title: `${service} handles events of ${topic}`,
          description: names.map((name) => `${name}: ${(handled as Record<string, string>)[name]}.`).join('\n'),
          channel: { $ref: `#/channels/${topic}` },
          messages: names.map((name) => messageOn(topic, name)),
          bindings: { 'x-dapr': { appId: service, consumerGroup: service } },
        },
      ]);
    }),
  );

const messageOn = (topic: Topic, name: string): Json => ({ $ref: `#/channels/${topic}/messages/${name}` });

const message = (event: EventDefinition): Json => ({
  name: event.type,
  title: event.name,
  summary: event.description,
  contentType: 'application/cloudevents+json',
  payload: {
    schemaFormat: 'application/schema+json;version=draft-2020-12',
    schema: {
      allOf: [
        { $ref: '#/components/schemas/CloudEvent' },
        {
          type: 'object',
          properties: {
            type: { const: event.type },
            source: { const: `/${topicOwners[event.topic]}` },
            dataschema: { const: contractUri(event) },
            data: { $ref: `#/components/schemas/${event.name}` },
          },
        },
      ],
    },
  },
  examples: [{ name: event.name, summary: event.description, payload: exampleOf(event) }],
});

/** A whole event around the contract's example. */
export function exampleOf(event: EventDefinition): Json {
  const data = event.example as { id?: string; orderId: string; version?: number };
  const subject = data.id ?? data.orderId;
  const stamp = {
    id: `${subject}:${data.version ?? 1}:${event.type}`,
    subject,
    time: new Date('2026-11-21T10:00:00.000Z'),
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  };
  return { ...makeEvent(event, stamp, event.example) };
}
