import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which outgoing connections and servers at port 0 are given theirs: a port of that range may be
 * somebody's before the program that it was looked up for listens, seconds later. For the same reason each of Jest's
 * workers draws from ports of its own.
 */
const first = 18_000 + (Number(process.env.JEST_WORKER_ID ?? 0) % 10) * 300;
const last = first + 299;

const given = new Set<number>();

/** A port of loopback at which nobody listens, another at each call. @throws when three hundred tries found none */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 300; tries += 1) {
    const port = randomInt(first, last + 1);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port found between ${first} and ${last}`);
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
