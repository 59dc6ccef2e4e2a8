import { randomUUID } from 'node:crypto';
import { Schema } from 'mongoose';
import type { EventDefinition } from '../contracts';
import { currentTraceparent } from '../observability';

/** An event that is stored but perhaps not yet published, inside the document whose change it tells. */
export interface OutboxEntry {
  /** What happened, within the document: its new version, or `held-ORDER`, which may happen more than once. */
  id: string;
  /** Unique everywhere, and the same when the event is published again: batches are cleared by it. */
  key: string;
  type: string;
  at: Date;
  traceparent?: string;
  /**
   * The event's data. Left out where a write does not know the document it changes (a compare-and-set that reads
   * nothing first): the event then tells the document's state when it is published, which is the same or newer.
   */
  data?: unknown;
}

export interface OutboxDocument {
  _id: string;
  outbox: OutboxEntry[];
}

export function outboxEntry<Data>(
  definition: EventDefinition<string, Data>,
  id: string,
  at: Date,
  data?: Data,
): OutboxEntry {
  const traceparent = currentTraceparent();
  return {
    id,
    key: randomUUID(),
    type: definition.type,
    at,
    ...(traceparent ? { traceparent } : {}),
    ...(data === undefined ? {} : { data }),
  };
}

/** Mongoose plugin: the field, and the index by which the sweeper finds what was left behind (and nothing else). */
export function outboxPlugin(schema: Schema): void {
  schema.add({ outbox: { type: [Schema.Types.Mixed], default: [] } });
  schema.index(
    { 'outbox.at': 1 },
    { name: 'outbox_pending', partialFilterExpression: { 'outbox.0': { $exists: true } } },
  );
}
