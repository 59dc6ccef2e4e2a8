// The few answers of a sidecar that a service waits for when it starts: that it is there, and the secrets.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SidecarStandIn {
  port: number;
  stop(): Promise<void>;
}

export async function startSidecarStandIn(secrets: Record<string, Record<string, string>>): Promise<SidecarStandIn> {
  const server = createServer((request, response) => {
    const secret = /^\/v1\.0\/secrets\/secrets\/([\w-]+)/.exec(request.url ?? '')?.[1];
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(secret === undefined ? {} : (secrets[secret] ?? {})));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
