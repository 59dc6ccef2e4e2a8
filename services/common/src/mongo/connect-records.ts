import type { Connection } from 'mongoose';
import { type ConnectedSessions, connectSessions } from '../http/connect-sessions';
import type { ServiceContext } from '../lifecycle/run-service';
import { checkMongo, connectMongo, ensureIndexes } from './connect-mongo';
import { createOutbox, type Outbox, type OutboxOptions } from './outbox';
import type { OutboxDocument } from './outbox-entry';

export interface ConnectedRecords<Doc extends OutboxDocument, Models> extends ConnectedSessions {
  models: Models;
  outbox: Outbox<Doc>;
  /** Throws, with a sentence, while the service is draining or has lost its database. */
  checkReady(): void;
  close(): Promise<void>;
}

/** What a service keeps, and tells of. */
export interface WantedRecords<Doc extends OutboxDocument, Models> {
  models: (connection: Connection) => Models;
  /** Whose changes are told, where, and how. */
  outbox: (models: Models) => Pick<OutboxOptions<Doc>, 'model' | 'topic' | 'toEvent'>;
}

type Context = Pick<
  ServiceContext<{ MONGO_URL: string }>,
  'config' | 'log' | 'metrics' | 'clock' | 'checkNotDraining'
> & {
  dapr: Pick<ServiceContext['dapr'], 'events' | 'secrets' | 'state'>;
};

/**
 * What a service stands on that people sign in to and that keeps records: sessions, its own database with the indexes
 * that its models declare, and the outbox by which it tells of its changes.
 * @throws ConfigurationError when sessions cannot be checked
 * @throws when no MongoDB answers within 10 s
 */
export async function connectRecords<Doc extends OutboxDocument, Models>(
  { config, log, metrics, dapr, clock, checkNotDraining }: Context,
  wanted: WantedRecords<Doc, Models> & { database: string },
): Promise<ConnectedRecords<Doc, Models>> {
  const sessions = await connectSessions({ dapr, clock });
  const connection = await connectMongo(config.MONGO_URL, wanted.database);
  const models = wanted.models(connection);
  await ensureIndexes(connection);
  return {
    ...sessions,
    models,
    outbox: createOutbox({ ...wanted.outbox(models), publisher: dapr.events, clock, log, metrics }),
    checkReady() {
      checkNotDraining();
      checkMongo(connection);
    },
    close: () => connection.close(),
  };
}
