import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { connectMongo } from '../mongo';

export interface TestDatabase {
  connection: Connection;
  url: string;
  name: string;
  /** Empties every collection; indexes stay. */
  clear(): Promise<void>;
  /** Drops the database and disconnects. */
  close(): Promise<void>;
}

/**
 * A fresh, empty database on the MongoDB server of this test run, which jest's global setup started
 * (tests/setup). Commands are monitored, so that `commandCounter` can count them.
 * @throws when `TEST_MONGO_URL` is not set
 */
export async function testDatabase(): Promise<TestDatabase> {
  const url = process.env.TEST_MONGO_URL;
  if (!url) throw new Error('TEST_MONGO_URL is not set: run tests with jest at the root, which starts a server');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const connection = await connectMongo(url, name, { monitorCommands: true });
  return {
    connection,
    url,
    name,
    async clear() {
      const collections = await connection.listCollections();
      for (const { name: collection } of collections) await connection.collection(collection).deleteMany({});
    },
    async close() {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
