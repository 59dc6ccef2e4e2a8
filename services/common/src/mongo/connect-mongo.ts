import mongoose, { type Connection, type Model } from 'mongoose';

/**
 * Connects to the service's own database. Writes are acknowledged by a majority and the journal: what was answered
 * to a person survives the loss of a node. @throws when no server answers within `answerWithinMs`
 */
export async function connectMongo(
  url: string,
  database: string,
  { monitorCommands = false, answerWithinMs = 10_000 }: { monitorCommands?: boolean; answerWithinMs?: number } = {},
): Promise<Connection> {
  return mongoose
    .createConnection(url, {
      dbName: database,
      maxPoolSize: 32,
      serverSelectionTimeoutMS: answerWithinMs,
      socketTimeoutMS: 30_000,
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      w: 'majority',
      journal: true,
      monitorCommands,
    })
    .asPromise();
}

/** Creates what indexes the models declare and the database lacks. Before serving, so that no query runs without. */
export async function ensureIndexes(connection: Connection): Promise<void> {
  for (const model of Object.values(connection.models)) {
    await dropOtherLifetimes(model);
    await model.createIndexes();
  }
}

/**
 * MongoDB refuses an index that is there with another `expireAfterSeconds`, and no replica would start. Meanwhile records
 * live longer; nothing is found by such an index.
 */
async function dropOtherLifetimes(model: Model<unknown>): Promise<void> {
  const ofLifetimes = model.schema
    .indexes()
    .flatMap(([key, { expireAfterSeconds }]) => (expireAfterSeconds === undefined ? [] : [nameOf(key)]));
  if (ofLifetimes.length === 0) return;
  const { toDrop } = (await model.diffIndexes()) as { toDrop: string[] };
  for (const name of toDrop.filter((outdated) => ofLifetimes.includes(outdated))) {
    await model.collection.dropIndex(name).catch((error: unknown) => {
      // Another replica was first.
      if (!isIndexMissing(error)) throw error;
    });
  }
}

/** As MongoDB names an index that was given no name. */
const nameOf = (key: Record<string, unknown>) => Object.entries(key).flat().join('_');

const isIndexMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 27;

export function checkMongo(connection: Connection): void {
  if (connection.readyState !== mongoose.ConnectionStates.connected) throw new Error('MongoDB is not connected');
}

/** MongoDB's error code for a unique index violation. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 11000;
