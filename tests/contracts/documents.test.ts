// The documents are what they claim to be: valid by the official schemas, their examples by their own.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import asyncApiSpecs from '@asyncapi/specs';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { asyncApiDocument, exampleOf } from '../../services/common/src/contracts-export/async-api';
import { allEvents, eventSchemas, schemaFile } from '../../services/common/src/contracts-export/event-schemas';
import { openApiDocument } from '../../services/common/src/contracts-export/open-api';
import { httpRoutes } from '../../services/common/src/contracts-export/routes';

// `strict` would refuse the keywords that the documents' own schemas add.
const validator = addFormats(new Ajv2020({ strict: false, allErrors: true }));
const schemas = new Map(eventSchemas());
const asyncApi = asyncApiDocument();
const openApi = openApiDocument();
validator.addSchema(asyncApi, 'asyncapi');
validator.addSchema(openApi, 'openapi');

const faults = (validate: { (data: unknown): unknown; errors?: unknown }, data: unknown): unknown =>
  validate(data) ? [] : validate.errors;
const pointer = (...parts: string[]) => parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');

/** What came later, or is not always known; consumers do without. */
const optionalFields = new Set(['venue', 'startsAt', 'previousEmail', 'passwordChanged']);

describe('The JSON Schema of an event', () => {
  test.each(allEvents().map((event) => [event.name, event] as const))(
    '%s accepts its example and refuses a lesser one',
    (_name, event) => {
      const schema = schemas.get(schemaFile(event));
      const validate = validator.compile(schema ?? false);
      expect(faults(validate, event.example)).toEqual([]);
      for (const field of Object.keys(event.example as object)) {
        const { [field]: _left, ...lesser } = event.example as Record<string, unknown>;
        expect([field, validate(lesser)]).toEqual([field, optionalFields.has(field)]);
      }
    },
  );

  test.each(allEvents().map((event) => [event.name, event] as const))('%s lets fields be added', (_name, event) => {
    const validate = validator.getSchema(String(schemas.get(schemaFile(event))?.$id));
    expect(validate?.({ ...(event.example as object), added: 'later' })).toBe(true);
  });

  test.each(allEvents().map((event) => [event.name, event] as const))('%s travels in the envelope', (_name, event) => {
    const validate = validator.compile(schemas.get('cloudevent.schema.json') ?? false);
    expect(faults(validate, exampleOf(event))).toEqual([]);
    expect(exampleOf(event).dataschema).toBe(schemas.get(schemaFile(event))?.$id);
    validator.removeSchema('urn:ticketing:contract:cloudevent:1');
  });
});

describe('The AsyncAPI document', () => {
  test('is valid by the schema of AsyncAPI 3.0', () => {
    // Their schema is of draft 7.
    const official = addFormats(new Ajv({ strict: false, allErrors: true }));
    expect(faults(official.compile(asyncApiSpecs.schemasWithoutId['3.0.0'] as object), asyncApi)).toEqual([]);
    expect(
      faults(official.compile(asyncApiSpecs.schemasWithoutId['3.0.0'] as object), { ...asyncApi, channels: 7 }),
    ).not.toEqual([]);
  });

  test('refers to nothing that is not there', () => {
    expect(danglingReferences(asyncApi)).toEqual([]);
  });

  test.each(allEvents().map((event) => [event.name, event] as const))(
    '%s has a message whose example fits it',
    (name, event) => {
      const validate = validator.getSchema(`asyncapi#/${pointer('components', 'messages', name, 'payload', 'schema')}`);
      if (!validate) throw new Error(`there is no message ${name}`);
      expect(faults(validate, exampleOf(event))).toEqual([]);
      expect(validate({ ...exampleOf(event), type: 'another.type' })).toBe(false);
    },
  );
});

describe('The OpenAPI document', () => {
  test('is valid by the schema of OpenAPI 3.1', () => {
    const folder = dirname(require.resolve('@seriousme/openapi-schema-validator/package.json'));
    const schema = JSON.parse(readFileSync(join(folder, 'schemas/v3.1/schema.json'), 'utf8')) as object;
    // Their schema has formats of its own (media-range), of which this test needs none.
    const official = addFormats(new Ajv2020({ strict: false, allErrors: true })).addFormat('media-range', true);
    const validate = official.compile(schema);
    expect(faults(validate, openApi)).toEqual([]);
    expect(faults(validate, { ...openApi, paths: 7 })).not.toEqual([]);
  });

  test('refers to nothing that is not there', () => {
    expect(danglingReferences(openApi)).toEqual([]);
  });

  const examples = [...examplesIn(openApi, [])];
  test('has an example for every body', () => {
    const bodies = httpRoutes.flatMap(({ body, answers }) => [
      ...(body ? [body] : []),
      ...answers.filter(({ schema }) => schema),
    ]);
    expect(examples.length).toBeGreaterThan(bodies.length);
  });

  test.each(examples)('%s fits its schema', (where, example) => {
    const validate = validator.getSchema(`openapi#/${encodeURI(where)}/schema`);
    if (!validate) throw new Error(`there is no schema at ${where}`);
    expect(faults(validate, example)).toEqual([]);
  });
});

/** Each example, with the place of the media type or parameter it belongs to. */
function* examplesIn(node: unknown, path: string[]): Generator<[where: string, example: unknown]> {
  if (typeof node !== 'object' || node === null) return;
  const { schema, example, examples } = node as Record<string, unknown>;
  if (schema && example !== undefined) yield [pointer(...path), example];
  if (schema && examples)
    for (const { value } of Object.values(examples as Record<string, { value: unknown }>))
      yield [pointer(...path), value];
  if (schema) return;
  for (const [key, child] of Object.entries(node)) yield* examplesIn(child, [...path, key]);
}

function danglingReferences(document: Record<string, unknown>): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === '$ref' && !resolves(document, String(value))) found.push(String(value));
      visit(value);
    }
  };
  visit(document);
  return found;
}

function resolves(document: unknown, reference: string): boolean {
  let node = document;
  for (const part of reference.replace(/^#\//, '').split('/'))
    node = (node as Record<string, unknown> | undefined)?.[part];
  return node !== undefined;
}
