import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which outgoing connections and servers at port 0 are given theirs: a port of that range may be
 * somebody's before the program that it was looked up for listens, seconds later.
 */
const range = { first: 18_000, last: 20_999 };

const given = new Set<number>();

/** A port of loopback at which nobody listens, another at each call. @throws when a hundred tries found none */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(range.first, range.last + 1);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port found between ${range.first} and ${range.last}`);
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
