import { asyncApiDocument } from './async-api';
import { eventSchemas } from './event-schemas';
import { flowPage } from './flow-page';
import { openApiDocument } from './open-api';

/** Everything that is generated, as text by its path below docs/contracts. */
export const contractDocuments = (): Map<string, string> =>
  new Map([
    ...eventSchemas().map(([file, schema]): [string, string] => [file, print(schema)]),
    ['asyncapi.json', print(asyncApiDocument())],
    ['openapi.json', print(openApiDocument())],
    ['flow.md', flowPage()],
  ]);

const print = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;
