// The relay of the outbox: what is stored with a change is published at once, in batches, and removed once the broker
// has it; what a crash or an outage left behind is published by the sweeper. Events may repeat, none is lost.
import type { Model } from 'mongoose';
import type { Clock } from '../clock';
import type { CloudEvent, Topic } from '../contracts';
import { type EventPublisher, PublishFailed } from '../dapr';
import type { BackgroundWork } from '../lifecycle';
import { repeat } from '../lifecycle/repeat';
import type { Log, Metrics } from '../observability';
import type { OutboxDocument, OutboxEntry } from './outbox-entry';

export interface OutboxOptions<Doc extends OutboxDocument> {
  model: Model<Doc>;
  topic: Topic;
  toEvent(doc: Doc, entry: OutboxEntry): CloudEvent;
  publisher: EventPublisher;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** How long a batch waits for company: each saved request to sidecar and database is CPU left for requests. */
  lingerMs?: number;
  sweepEveryMs?: number;
  /** Entries younger than this are the relay's. */
  leftBehindAfterMs?: number;
}

export interface Outbox<Doc extends OutboxDocument> extends BackgroundWork {
  /** Publishes the document's entries soon. Never fails: what is not published stays stored. */
  announce(doc: Doc): void;
  /** Resolves when all that was announced is published, or was tried and left to the sweeper. */
  flush(): Promise<void>;
  /** Publishes what was left behind; returns how many. */
  sweep(): Promise<number>;
}

const batchSize = 100;

interface Pending {
  docId: string;
  entryKey: string;
  event: CloudEvent;
}

export function createOutbox<Doc extends OutboxDocument>(options: OutboxOptions<Doc>): Outbox<Doc> {
  const { model, topic, toEvent, publisher, clock, log, metrics, lingerMs = 50 } = options;
  const queue: Pending[] = [];
  const inHand = new Set<string>();
  let relaying: Promise<void> | undefined;
  let hurrying = false;
  let hurry: () => void = () => undefined;

  const announce = (doc: Doc): void => {
    queue.push(...takeInHand(doc));
    if (queue.length > 0) relaying ??= relay();
  };

  /** The document's entries that nobody has in hand yet. One that cannot be told stays stored, and holds up no other. */
  const takeInHand = (doc: Doc): Pending[] =>
    doc.outbox.flatMap((entry) => {
      if (inHand.has(entry.key)) return [];
      try {
        const pending = { docId: doc._id, entryKey: entry.key, event: toEvent(doc, entry) };
        inHand.add(entry.key);
        return [pending];
      } catch (error) {
        log.error({ err: error, topic, docId: doc._id, type: entry.type }, 'an outbox entry is no event of ours');
        return [];
      }
    });

  const relay = async () => {
    while (queue.length > 0) {
      if (queue.length < batchSize && !hurrying) await linger();
      await publishBatch(queue.splice(0, batchSize));
    }
    relaying = undefined;
  };

  const linger = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lingerMs);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const publishBatch = async (batch: Pending[]) => {
    try {
      const taken = await published(batch);
      for (const { event } of taken) metrics.eventsPublished.inc({ type: event.type });
      if (taken.length > 0) await clear(taken);
    } catch (error) {
      log.error(
        { err: error, topic, events: batch.length },
        'could not clear the outbox; its events will be published again',
      );
    } finally {
      for (const { entryKey } of batch) inHand.delete(entryKey);
    }
  };

  const published = async (batch: Pending[]): Promise<Pending[]> => {
    try {
      await publisher.publish(
        topic,
        batch.map(({ event }) => event),
      );
      return batch;
    } catch (error) {
      log.warn({ err: error, topic, events: batch.length }, 'could not publish; the sweeper will');
      if (!(error instanceof PublishFailed)) return [];
      const failed = new Set(error.failedIds);
      return batch.filter(({ event }) => !failed.has(event.id));
    }
  };

  const clear = async (taken: Pending[]) => {
    const docIds = [...new Set(taken.map(({ docId }) => docId))];
    const entryKeys = taken.map(({ entryKey }) => entryKey);
    await model.collection.updateMany(
      { _id: { $in: docIds } } as never,
      { $pull: { outbox: { key: { $in: entryKeys } } } } as never,
    );
  };

  const flush = async () => {
    hurrying = true;
    while (relaying) {
      hurry();
      await relaying;
    }
    hurrying = false;
  };

  const sweep = async (): Promise<number> => {
    const before = new Date(clock.now().getTime() - (options.leftBehindAfterMs ?? 10_000));
    const left = await model.collection
      .find({ 'outbox.0': { $exists: true }, 'outbox.at': { $lt: before } })
      .sort({ 'outbox.at': 1 })
      .limit(500)
      .toArray();
    const swept = left.flatMap((doc) => takeInHand(doc as unknown as Doc));
    for (let from = 0; from < swept.length; from += batchSize) await publishBatch(swept.slice(from, from + batchSize));
    if (swept.length > 0) metrics.outboxSwept.inc(swept.length);
    return swept.length;
  };

  const sweeper = repeat({
    name: `outbox sweeper of ${topic}`,
    everyMs: options.sweepEveryMs ?? 5_000,
    work: sweep,
    log,
  });
  return {
    announce,
    flush,
    sweep,
    start: sweeper.start,
    async stop() {
      await sweeper.stop();
      await flush();
    },
  };
}
