// The public address: one origin for everything, as the ingress is on Kubernetes.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Pool } from 'undici';
import type { Service } from '../apps';
import { normaliseTarget } from './normalise-target';
import { type ApiDescription, apiPage, frontPage, pageHeaders } from './pages';
import { connectService, proxyRequest } from './proxy-request';
import { proxyUpgrade } from './proxy-upgrade';
import { refuseMalformed, refuseUpgrade } from './refuse-malformed';
import { isForWeb, serviceOf } from './routes';
import { sendFaultPage } from './send-fault-page';
import { sendProblem } from './send-problem';

export interface GatewayOptions {
  port: number;
  host?: string;
  /** Where each service listens: `http://127.0.0.1:14001`. */
  upstreams: Partial<Record<Service, string>>;
  /** Where the web client listens: it gets all that is not `/api`; without one, a plain page says what there is. */
  webUrl?: string;
  /** The web client has WebSockets: `next dev` does. Otherwise the offer of another protocol is not taken up. */
  webSockets?: boolean;
  publicUrl: string;
  inboxUrl?: string;
  /** The OpenAPI document as text, if it has been made. */
  readApiDescription(): Promise<string | undefined>;
  /** How long a service may take until its answer begins. */
  timeoutMs?: number;
}

export interface Gateway {
  port: number;
  /** Takes no more requests, lets those in hand finish, and cuts what is still open after `graceMs` (event streams). */
  stop(graceMs: number): Promise<void>;
}

const defaultTimeoutMs = 30_000;

/** How long a request may take to arrive, its headers and all of it: as long as the services give it. */
const arrival = { headersTimeout: 15_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { upstreams, webUrl } = options;
  const connected = Object.entries({ ...upstreams, ...(webUrl ? { web: webUrl } : {}) }).map(
    ([service, url]) => [service, connectService(url, options.timeoutMs ?? defaultTimeoutMs)] as const,
  );
  const pools: Partial<Record<string, Pool>> = Object.fromEntries(connected);
  const answering = new WeakMap<Duplex, ServerResponse>();
  const server = createServer(arrival, (request, response) => {
    answering.set(request.socket, response);
    void answer(request, response, options, pools);
  });
  server.on('clientError', (error, socket) => refuseMalformed(error, socket, answering.get(socket)));
  // Whoever listens has to answer every offer; without a listener Node answers as if nothing was offered (RFC 9110, 7.8).
  if (webUrl && options.webSockets) {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const target = normaliseTarget(request.url ?? '/');
      const isSocket = request.headers.upgrade?.toLowerCase() === 'websocket';
      if (target && isSocket && isForWeb(target.path))
        proxyUpgrade(request, socket, head, webUrl + target.path + target.query);
      else refuseUpgrade(socket);
    });
  }
  // Longer than a browser keeps a connection idle, so that it is not closed under a request on its way.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop(graceMs) {
      await stop(server, graceMs);
      await Promise.all(connected.map(([, pool]) => pool.destroy()));
    },
  };
}

type Page = (options: GatewayOptions) => Promise<{ headers: Record<string, string>; body: string } | undefined>;

const pages: Record<string, Page> = {
  '/': async ({ publicUrl, inboxUrl }) => ({ headers: pageHeaders, body: frontPage({ publicUrl, inboxUrl }) }),
  '/healthz': async () => ({
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{"status":"ok"}',
  }),
  '/api/docs': async ({ readApiDescription }) => {
    const text = await readApiDescription();
    return {
      headers: pageHeaders,
      body: apiPage(text === undefined ? undefined : (JSON.parse(text) as ApiDescription)),
    };
  },
  '/api/openapi.json': async ({ readApiDescription }) => {
    const body = await readApiDescription();
    return body === undefined
      ? undefined
      : {
          headers: {
            'content-type': 'application/json',
            'cache-control': 'no-cache',
            'access-control-allow-origin': '*',
          },
          body,
        };
  },
};

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: GatewayOptions,
  pools: Partial<Record<string, Pool>>,
): Promise<void> {
  const target = normaliseTarget(request.url ?? '/');
  const name = target && serviceOf(target.path);
  const service = name && pools[name];
  if (target && service) return proxyRequest(request, response, { service, target: target.path + target.query });
  if (target && pools.web && isForWeb(target.path)) {
    return proxyRequest(request, response, {
      service: pools.web,
      target: target.path + target.query,
      sendFault: (problem) => sendFaultPage(request, response, problem),
      asPlain: true,
    });
  }
  request.resume();
  try {
    const page =
      target && (request.method === 'GET' || request.method === 'HEAD')
        ? await findPage(target.path)?.(options)
        : undefined;
    if (!page) return sendProblem(response, notFound);
    response.writeHead(200, { ...page.headers, 'content-length': Buffer.byteLength(page.body) });
    response.end(request.method === 'HEAD' ? undefined : page.body);
  } catch (error) {
    process.stderr.write(`gateway: ${request.method} ${target?.path}: ${(error as Error).stack}\n`);
    sendProblem(response, {
      status: 500,
      title: 'Internal Server Error',
      message: 'The page could not be made: see the log of the gateway.',
    });
  }
}

const findPage = (path: string): Page | undefined => (Object.hasOwn(pages, path) ? pages[path] : undefined);

const notFound = {
  status: 404,
  title: 'Not Found',
  message: 'There is nothing here: see /api/docs for what there is.',
};

async function stop(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
