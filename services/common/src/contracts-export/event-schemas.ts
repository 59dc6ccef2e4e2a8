// One JSON Schema for the data of each event, and one for the envelope that all travel in.
import { cloudEventSchema, contractUri, type EventDefinition, events } from '../contracts';
import { dialect, type Json, jsonSchema } from './json-schema';

export const envelopeFile = 'cloudevent.schema.json';
export const schemaFile = ({ type, version }: EventDefinition): string => `events/${type}.v${version}.schema.json`;

/** By file, below docs/contracts. */
export const eventSchemas = (): [file: string, schema: Json][] => [
  [envelopeFile, envelopeSchema()],
  ...allEvents().map((event): [string, Json] => [schemaFile(event), eventSchema(event)]),
];

export const allEvents = (): EventDefinition[] => Object.values(events) as unknown as EventDefinition[];

const eventSchema = (event: EventDefinition): Json => ({
  $schema: dialect,
  $id: contractUri(event),
  title: event.name,
  description: event.description,
  ...jsonSchema(event.schema),
  examples: [event.example],
});

const envelopeSchema = (): Json => ({
  $schema: dialect,
  $id: 'urn:ticketing:contract:cloudevent:1',
  title: 'CloudEvent',
  description: 'The envelope of every event: CloudEvents 1.0 in its JSON format (structured mode).',
  ...jsonSchema(cloudEventSchema),
});
