// A test's database behind a door that the test shuts and opens again: an outage as a service sees it.

import type { AddressInfo } from 'node:net';
import { createServer, connect as dial, type Socket } from 'node:net';
import type { Connection } from 'mongoose';
import { connectMongo } from '../mongo';
import type { TestDatabase } from './test-database';

export interface DoorToMongo {
  /** To the database, by way of the door. Gives a server up sooner than a service does. */
  connection: Connection;
  /** Breaks off what is connected, and lets nobody in. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

const answerWithinMs = 1_000;

export async function doorToMongo({ url, name }: Pick<TestDatabase, 'url' | 'name'>): Promise<DoorToMongo> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((visitor) => {
    if (!isOpen) return void visitor.resetAndDestroy();
    join(visitor, dial(Number(port || 27_017), hostname), sockets);
  });
  const shut = () => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = await connectMongo(own, name, { answerWithinMs });
  return {
    connection,
    shut,
    open() {
      isOpen = true;
    },
    async close() {
      await connection.close();
      shut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What one says the other hears, and when one is gone so is the other. */
function join(one: Socket, another: Socket, sockets: Set<Socket>): void {
  for (const [socket, other] of [
    [one, another],
    [another, one],
  ] as const) {
    sockets.add(socket);
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
    socket.pipe(other);
  }
}
