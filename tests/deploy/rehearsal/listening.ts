import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  url: string;
  server: Server;
}

/** The server, on a free port of loopback. */
export async function listening(server: Server): Promise<Listening> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export interface Site extends Listening {
  /** Answers 503 while set. */
  fails: boolean;
}

/** What visitors would reach, were pods running. */
export async function startSite(): Promise<Site> {
  const server = createServer((_request, response) => void response.writeHead(site.fails ? 503 : 200).end('{}'));
  const site: Site = { ...(await listening(server)), fails: false };
  return site;
}
