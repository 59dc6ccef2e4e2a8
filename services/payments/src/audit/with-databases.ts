import { connectMongo } from '@ticketing/common';
import type { Connection } from 'mongoose';
import type { Databases } from './read-books';

/** The address of the MongoDB in which each service keeps its database. */
export type DatabaseUrls = Record<keyof Databases, string>;

/**
 * Works on the three databases, and closes what was opened of them however it ends: a program with one connection left
 * open would not exit. @throws what `work` throws, or when a database cannot be reached
 */
export async function withDatabases<T>(urls: DatabaseUrls, work: (databases: Databases) => Promise<T>): Promise<T> {
  const opened: Connection[] = [];
  const open = async (service: keyof Databases) => {
    const connection = await connectMongo(urls[service], `ticketing_${service}`);
    opened.push(connection);
    return connection;
  };
  try {
    // One after the other: none is still being opened when another has failed.
    return await work({
      payments: await open('payments'),
      orders: await open('orders'),
      tickets: await open('tickets'),
    });
  } finally {
    await Promise.all(opened.map((connection) => connection.close()));
  }
}
