// An app as its sidecar sees it: something that answers HTTP on loopback, or does not.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';

export interface AppAnswer {
  status: number;
  text: string;
}

export interface AppProcess {
  readonly port: number;
  request(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
    timeoutMs?: number,
  ): Promise<AppAnswer>;
  stop(): Promise<void>;
}

export async function startAppProcess(listener: RequestListener, appToken: string): Promise<AppProcess> {
  const server = createServer(listener);
  await listen(server);
  const { port } = server.address() as AddressInfo;
  const dispatcher = new Agent({ connections: 16 });
  return {
    port,
    async request(method, path, body, headers, timeoutMs = 60_000) {
      const { statusCode, body: answer } = await request(`http://127.0.0.1:${port}/${path.replace(/^\//, '')}`, {
        method: method as 'GET',
        dispatcher,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: {
          'dapr-api-token': appToken,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: statusCode, text: await answer.text() };
    },
    async stop() {
      await dispatcher.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const listen = (server: Server) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
