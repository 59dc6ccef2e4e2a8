import type { Application } from 'express';
import type { Clock } from '../clock';
import { type ConnectedSessions, connectSessions } from '../http/connect-sessions';
import { createOutbox, ensureIndexes, type Outbox, type OutboxDocument, type WantedRecords } from '../mongo';
import { createMetrics, type Metrics, silentLog } from '../observability';
import { type InProcessDapr, inProcessDapr } from './in-process-dapr';
import { type TestDatabase, testDatabase } from './test-database';

export interface RecordsOptions {
  /** One that other services take part in. */
  dapr?: InProcessDapr | undefined;
  /** One that another start of the service has used: closed by whoever made it. */
  database?: TestDatabase | undefined;
  /** How long an event waits for company before it is published. */
  lingerMs?: number | undefined;
}

export interface RecordsInProcess<Doc extends OutboxDocument, Models> extends ConnectedSessions {
  dapr: InProcessDapr;
  own: ReturnType<InProcessDapr['of']>;
  clock: InProcessDapr['clock'];
  database: TestDatabase;
  models: Models;
  outbox: Outbox<Doc>;
  metrics: Metrics;
  register(app: Application): Promise<void>;
  /** As if the process were killed: what it has stored is there, what it held in memory is not. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** What `connectRecords` gives a service, in this process: on a database of its own and the in-process Dapr. */
export async function startRecords<Doc extends OutboxDocument, Models>(
  service: string,
  wanted: WantedRecords<Doc, Models>,
  { dapr = inProcessDapr(), database: given, lingerMs = 1 }: RecordsOptions = {},
): Promise<RecordsInProcess<Doc, Models>> {
  const database = given ?? (await testDatabase());
  const { clock }: { clock: Clock } = dapr;
  const own = dapr.of(service);
  const sessions = await connectSessions({ dapr: own, clock });
  const models = wanted.models(database.connection);
  if (!given) await ensureIndexes(database.connection);
  const metrics = createMetrics(service);
  let alive = true;
  const outbox = createOutbox<Doc>({
    ...wanted.outbox(models),
    publisher: {
      async publish(topic, events) {
        if (!alive) throw new Error('this process was killed');
        await own.events.publish(topic, events);
      },
    },
    clock,
    log: silentLog,
    metrics,
    lingerMs,
  });
  return {
    ...sessions,
    dapr,
    own,
    clock: dapr.clock,
    database,
    models,
    outbox: { ...outbox, announce: (doc) => alive && outbox.announce(doc) },
    metrics,
    register: (app) => dapr.register(service, app, { flush: outbox.flush }),
    async kill() {
      alive = false;
      await dapr.stop(service);
      await outbox.flush();
    },
    async close() {
      await dapr.close();
      await outbox.flush();
      if (!given) await database.close();
    },
  };
}
