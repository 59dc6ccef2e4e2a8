import { z } from 'zod';
import * as contracts from '../contracts';

export type Json = Record<string, unknown>;

/**
 * Of what is sent, in draft 2020-12. Fields that a contract does not name are allowed: readers ignore them, so that it
 * can grow without a new version. Of formats with a name only the name is told, not zod's pattern for it.
 */
const options = {
  target: 'draft-2020-12',
  io: 'input',
  override({ jsonSchema }) {
    if (jsonSchema.format) delete jsonSchema.pattern;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  },
} satisfies Parameters<typeof z.toJSONSchema>[1];

export function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, options);
  return rest;
}

export const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** The schemas that documents refer to by name rather than repeat. */
const named = {
  Account: contracts.accountResource,
  CurrentUser: contracts.currentUserAnswer,
  Ticket: contracts.ticketResource,
  TicketPage: contracts.ticketPage,
  ListingChange: contracts.listingChange,
  Order: contracts.orderResource,
  OrderPage: contracts.orderPage,
  ETicketCheck: contracts.eTicketCheck,
  OpenedPayment: contracts.openedPayment,
  Charge: contracts.chargeResource,
  ChargeList: contracts.chargeList,
  Problem: contracts.problemDocument,
} satisfies Record<string, z.ZodType>;

const pathOf = (name: string) => `#/components/schemas/${name}`;

/** `components.schemas` of the OpenAPI document. */
export function namedSchemas(): Record<string, Json> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { ...options, uri: pathOf });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _id, ...schema }]) => [name, schema as Json]),
  );
}

/** A reference where the schema has a name, else the schema itself. */
export function schemaOrReference(schema: z.ZodType): Json {
  const name = Object.entries(named).find(([, candidate]) => candidate === schema)?.[0];
  return name ? { $ref: pathOf(name) } : jsonSchema(schema);
}
