// The relay of the outbox: what is stored with a change is published at once, in batches, and removed once the broker
// has it; what a crash or an outage left behind is published by the sweeper. Events may repeat, none is lost.
import type { Model } from 'mongoose';
import type { Clock } from '../clock';
import type { CloudEvent, Topic } from '../contracts';
import { type EventPublisher, PublishFailed } from '../dapr';
import type { BackgroundWork } from '../lifecycle';
import { repeat } from '../lifecycle/repeat';
import type { Log, Metrics } from '../observability';
import { collectionOf } from './collection-of';
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
  /** Publishes the document's entries soon, or leaves them to the sweeper. Never fails: what is not published stays stored. */
  announce(doc: Doc): void;
  /** Resolves when all that was announced is published, or was tried and left to the sweeper. */
  flush(): Promise<void>;
  /** Publishes all that was left behind, until the broker takes nothing; returns how many. */
  sweep(stopping?: AbortSignal): Promise<number>;
}

const batchSize = 100;

/** With the broker away what is announced piles up: beyond this it is stored only, for the sweeper. */
const mostQueued = 2_000;

interface Pending {
  docId: string;
  entryKey: string;
  event: CloudEvent;
}

interface Strange {
  add(what: { err: unknown; docId: string; type: string }): void;
  tell(): void;
}

export function createOutbox<Doc extends OutboxDocument>(options: OutboxOptions<Doc>): Outbox<Doc> {
  const { model, topic, toEvent, publisher, clock, log, metrics, lingerMs = 50 } = options;
  const stored = collectionOf(model as unknown as Model<OutboxDocument>);
  const queue: Pending[] = [];
  const inHand = new Set<string>();
  let relaying: Promise<void> | undefined;
  let hurrying = false;
  let hurry: () => void = () => undefined;
  metrics.outboxClearUntil.set({ topic }, 0);

  const announce = (doc: Doc): void => {
    if (queue.length >= mostQueued) return;
    const strange = createStrange();
    queue.push(...takeInHand(doc, strange));
    strange.tell();
    if (queue.length > 0) relaying ??= relay();
  };

  /** The document's entries that nobody has in hand yet. One that cannot be told stays stored, and holds up no other. */
  const takeInHand = (doc: Doc, strange: Strange): Pending[] =>
    doc.outbox.flatMap((entry) => {
      if (inHand.has(entry.key)) return [];
      try {
        const pending = { docId: doc._id, entryKey: entry.key, event: toEvent(doc, entry) };
        inHand.add(entry.key);
        return [pending];
      } catch (err) {
        strange.add({ err, docId: doc._id, type: entry.type });
        return [];
      }
    });

  /** Entries that this version of the service cannot tell, another may: one line tells of all. */
  const createStrange = (): Strange => {
    let first: object | undefined;
    let entries = 0;
    return {
      add(what) {
        first ??= what;
        entries += 1;
      },
      tell() {
        if (first) log.error({ ...first, topic, entries }, 'outbox entries are no events of ours');
      },
    };
  };

  const relay = async () => {
    while (queue.length > 0) {
      if (queue.length < batchSize && !hurrying) await linger();
      const taken = await publishBatch(queue.splice(0, batchSize));
      // The service stops, and the broker is away: what is stored is taken up after the restart.
      if (hurrying && taken === 0) for (const { entryKey } of queue.splice(0)) inHand.delete(entryKey);
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

  /** @returns how many the broker took and the outbox no longer holds */
  const publishBatch = async (batch: Pending[]): Promise<number> => {
    try {
      const taken = await published(batch);
      for (const { event } of taken) metrics.eventsPublished.inc({ type: event.type });
      if (taken.length > 0) await clear(taken);
      return taken.length;
    } catch (error) {
      log.error(
        { err: error, topic, events: batch.length },
        'could not clear the outbox; its events will be published again',
      );
      return 0;
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
    await stored.updateMany({ _id: { $in: docIds } }, { $pull: { outbox: { key: { $in: entryKeys } } } });
  };

  const flush = async () => {
    hurrying = true;
    while (relaying) {
      hurry();
      await relaying;
    }
    hurrying = false;
  };

  const sweep = async (stopping?: AbortSignal): Promise<number> => {
    const before = new Date(clock.now().getTime() - (options.leftBehindAfterMs ?? 10_000));
    const left = stored
      .find({ 'outbox.0': { $exists: true }, 'outbox.at': { $lt: before } })
      .sort({ 'outbox.at': 1 })
      .batchSize(500);
    const strange = createStrange();
    let batch: Pending[] = [];
    let swept = 0;
    let seen = false;
    try {
      for await (const doc of left) {
        // Before anything is published, which may hang: the first has waited longest.
        if (!seen) noteClearUntil(before, doc.outbox);
        seen = true;
        batch.push(...takeInHand(doc as Doc, strange));
        if (batch.length < batchSize) continue;
        const published = await publishBatch(batch);
        batch = [];
        swept += published;
        // The broker is away, or the service stops: the next round begins with the same.
        if (published === 0 || stopping?.aborted) break;
      }
      if (!seen) noteClearUntil(before);
      if (batch.length > 0) swept += await publishBatch(batch);
    } finally {
      for (const { entryKey } of batch) inHand.delete(entryKey);
      strange.tell();
      await left.close();
    }
    if (swept > 0) metrics.outboxSwept.inc(swept);
    return swept;
  };

  /** Whatever stands in an entry, this fails no sweep. */
  const noteClearUntil = (before: Date, waiting: OutboxEntry[] = []) => {
    const storedAt = waiting.map(({ at }) => Number(at)).filter((ms) => ms > 0);
    metrics.outboxClearUntil.set({ topic }, Math.min(Number(before), ...storedAt) / 1_000);
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
