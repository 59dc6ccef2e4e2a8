import mongoose, { type Connection } from 'mongoose';

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
  for (const model of Object.values(connection.models)) await model.createIndexes();
}

export function checkMongo(connection: Connection): void {
  if (connection.readyState !== mongoose.ConnectionStates.connected) throw new Error('MongoDB is not connected');
}

/** MongoDB's error code for a unique index violation. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 11000;
