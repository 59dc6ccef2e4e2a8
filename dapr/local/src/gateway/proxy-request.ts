// Passes a request on to a service and its answer back, unbuffered and untouched but for headers. Straight to the
// service, as an ingress does: sidecars are for calls between services.

import { randomUUID } from 'node:crypto';
import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import { chooseEncoding } from './choose-encoding';
import { type GatewayProblem, sendProblem } from './send-problem';

export interface Upstream {
  hostname: string;
  port: number;
}

export interface Proxied {
  upstream: Upstream;
  /** Path and query, normalised. */
  target: string;
  /** How long the service may take until its answer begins. */
  timeoutMs: number;
}

const agent = new Agent({ keepAlive: true, maxFreeSockets: 256, scheduling: 'lifo' });

export function proxyRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  { upstream, target, timeoutMs }: Proxied,
): void {
  let answered = false;
  let timedOut = false;
  const headers = headersForService(incoming);
  const outgoing = request({ ...upstream, agent, method: incoming.method, path: target, headers });
  const deadline = setTimeout(() => {
    timedOut = true;
    outgoing.destroy();
  }, timeoutMs);

  outgoing.on('response', (answer) => {
    answered = true;
    clearTimeout(deadline);
    passAnswer(incoming, response, answer);
  });
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    clearTimeout(deadline);
    if (answered || response.destroyed) response.destroy();
    else sendProblem(response, timedOut ? tooLate : problemOf(error));
    // What is left of a body that nobody takes would keep the connection from being used again.
    incoming.resume();
  });
  response.on('close', () => {
    clearTimeout(deadline);
    if (!response.writableFinished) outgoing.destroy();
  });
  sendBody(incoming, outgoing);
}

function sendBody(incoming: IncomingMessage, outgoing: ClientRequest): void {
  if (incoming.headers['content-length'] === undefined && incoming.headers['transfer-encoding'] === undefined)
    outgoing.end();
  else incoming.pipe(outgoing);
}

function passAnswer(incoming: IncomingMessage, response: ServerResponse, answer: IncomingMessage): void {
  const headers: OutgoingHttpHeaders = withoutHopByHop(answer.headers);
  headers['x-content-type-options'] ??= 'nosniff';
  const encoding = chooseEncoding(incoming, answer);
  if (encoding) {
    delete headers['content-length'];
    headers['content-encoding'] = encoding.name;
    headers.vary = headers.vary ? `${headers.vary}, Accept-Encoding` : 'Accept-Encoding';
  }
  response.writeHead(answer.statusCode ?? 502, headers);
  // An event stream's first event may be minutes away: its headers are not to wait for it.
  response.flushHeaders();
  answer.on('error', () => response.destroy());
  if (encoding) answer.pipe(encoding.encoder()).pipe(response);
  else answer.pipe(response);
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** RFC 9110, 7.6.1: these speak of one connection, as does whatever `Connection` names. */
function withoutHopByHop(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  const named = headers.connection?.toLowerCase().split(/\s*,\s*/) ?? [];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.includes(name)));
}

/** Nobody outside may pretend to be a sidecar or another proxy. */
function headersForService(incoming: IncomingMessage): OutgoingHttpHeaders {
  const { headers, socket } = incoming;
  const passed = withoutHopByHop(headers);
  for (const name of Object.keys(passed)) {
    if (name.startsWith('dapr-') || name.startsWith('x-forwarded-') || name === 'forwarded' || name === 'x-real-ip')
      delete passed[name];
  }
  const requestId = headers['x-request-id'];
  return {
    ...passed,
    ...(headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': headers['transfer-encoding'] }),
    'x-forwarded-for': socket.remoteAddress ?? '',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': headers.host ?? '',
    'x-request-id': typeof requestId === 'string' && /^[\w.-]{1,64}$/.test(requestId) ? requestId : randomUUID(),
  };
}

const tooLate: GatewayProblem = {
  status: 504,
  title: 'Gateway Timeout',
  message: 'The service did not answer in time: look whether it was done before trying again.',
};

function problemOf({ code }: NodeJS.ErrnoException): GatewayProblem {
  if (code === 'ECONNREFUSED') {
    return {
      status: 503,
      title: 'Service Unavailable',
      message: 'The service is starting or down: try again in a moment.',
      retryAfterSeconds: 1,
    };
  }
  return {
    status: 502,
    title: 'Bad Gateway',
    message: 'The service broke off: try again in a moment.',
    retryAfterSeconds: 1,
  };
}
