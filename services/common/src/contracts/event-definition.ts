import { z } from 'zod';

/** The topics, each with the one service that may publish to it. A topic's pub/sub component has the same name. */
export const topicOwners = {
  users: 'auth',
  tickets: 'tickets',
  orders: 'orders',
  charges: 'payments',
  expirations: 'expiration',
} as const;

export type Topic = keyof typeof topicOwners;

export interface EventDefinition<Type extends string = string, Data = unknown> {
  /** Past tense, as people say it: `OrderCreated`. */
  readonly name: string;
  /** The CloudEvents `type` that subscriptions route by: `order.created`. */
  readonly type: Type;
  /** Raised only when a consumer of the older shape would misread the new one; additions do not count. */
  readonly version: number;
  readonly topic: Topic;
  readonly description: string;
  readonly schema: z.ZodType<Data>;
  readonly example: Data;
}

export function defineEvent<Type extends string, Data>(
  definition: EventDefinition<Type, Data>,
): EventDefinition<Type, Data> {
  return definition;
}

/** The `$id` of the contract's JSON Schema. CloudEvents wants an absolute URI. */
export const contractUri = ({ type, version }: Pick<EventDefinition, 'type' | 'version'>): string =>
  `urn:ticketing:contract:${type}:${version}`;

/** A CloudEvents 1.0 envelope, as it travels through Dapr. Source: CloudEvents spec 1.0.2, JSON format. */
export interface CloudEvent<Type extends string = string, Data = unknown> {
  specversion: '1.0';
  /** Unique per event; a repeat of the same event has the same id. */
  id: string;
  /** The publishing service: `/orders`. */
  source: string;
  type: Type;
  /** The id of the aggregate that changed. */
  subject: string;
  /** RFC 3339. */
  time: string;
  datacontenttype: 'application/json';
  /** Names the contract and its version: `urn:ticketing:contract:order.created:1`. */
  dataschema: string;
  /** W3C trace context of the request that caused the change. */
  traceparent?: string;
  data: Data;
}

export const cloudEventSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).describe('Unique per event; a repeat of the same event has the same id'),
  source: z.string().min(1).describe('The publishing service: /orders'),
  type: z.string().min(1).describe('What subscriptions route by: order.created'),
  subject: z.string().min(1).describe('The id of the aggregate that changed'),
  time: z.string().min(1).describe('RFC 3339, UTC').meta({ format: 'date-time' }),
  datacontenttype: z.string().optional().describe('application/json'),
  dataschema: z.string().optional().describe('Names the contract and its version').meta({ format: 'uri' }),
  traceparent: z.string().optional().describe('W3C trace context of the request that caused the change'),
  data: z.unknown().describe('As the contract of the type says'),
});
