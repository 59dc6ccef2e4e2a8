// Passes a request on to a service and its answer back, unbuffered and untouched but for headers. Straight to the
// service, as an ingress does: sidecars are for calls between services.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import { chooseEncoding } from './choose-encoding';
import { type GatewayProblem, sendProblem } from './send-problem';

export interface Proxied {
  service: Dispatcher;
  /** Path and query, normalised. */
  target: string;
  /** Tells who asked that the service failed them. */
  sendFault?(problem: GatewayProblem): void;
  /** The service compresses by itself when asked to; here that is done once, for all. */
  asPlain?: boolean;
}

/** @param timeoutMs how long the service may take until its answer begins; what follows may take for ever */
export const connectService = (url: string, timeoutMs: number): Pool =>
  new Pool(url, { headersTimeout: timeoutMs, bodyTimeout: 0, pipelining: 1 });

/** Dispatched by hand rather than piped: per request that costs less than half of node:http's client. */
export function proxyRequest(incoming: IncomingMessage, response: ServerResponse, proxied: Proxied): void {
  const { service, target, sendFault = (problem) => sendProblem(response, problem), asPlain = false } = proxied;
  let call: Dispatcher.DispatchController | undefined;
  let sink: Writable | undefined;
  response.on('close', () => {
    if (!response.writableFinished) call?.abort(new Error('the client has gone'));
  });
  const body = bodyOf(incoming);
  service.dispatch(
    {
      method: incoming.method as Dispatcher.HttpMethod,
      path: target,
      headers: asPlain ? withoutEncodings(headersForService(incoming)) : headersForService(incoming),
      body: body ?? null,
    },
    {
      onRequestStart(controller) {
        call = controller;
        if (response.destroyed) controller.abort(new Error('the client has gone'));
      },
      onResponseStart(controller, status, headers) {
        sink = beginAnswer(incoming, response, status, headers);
        sink.on('drain', () => controller.resume());
      },
      onResponseData(controller, chunk) {
        if (sink?.write(chunk) === false) controller.pause();
      },
      onResponseEnd() {
        sink?.end();
        leaveBody(incoming, body);
      },
      onResponseError(_controller, error) {
        if (response.headersSent) response.destroy();
        else if (!response.destroyed) sendFault(problemOf(error));
        leaveBody(incoming, body);
      },
    },
  );
}

/**
 * The body apart from the connection it comes over: the client may be refused before it has sent everything, and then
 * has to be able to go on until it reads the refusal.
 */
function bodyOf(incoming: IncomingMessage): Readable | undefined {
  const { 'content-length': length, 'transfer-encoding': encoding } = incoming.headers;
  if ((length === undefined || length === '0') && encoding === undefined) return undefined;
  const body = new PassThrough();
  body.on('error', () => leaveBody(incoming, body));
  incoming.on('error', (error) => body.destroy(error));
  incoming.pipe(body);
  return body;
}

function leaveBody(incoming: IncomingMessage, body: Readable | undefined): void {
  if (body) incoming.unpipe();
  incoming.resume();
}

function beginAnswer(
  incoming: IncomingMessage,
  response: ServerResponse,
  status: number,
  received: IncomingHttpHeaders,
): Writable {
  const headers = withoutHopByHop(received);
  headers['x-content-type-options'] ??= 'nosniff';
  // The rest of a request that was given up must not be read as the next one (RFC 9110, 15.5.9).
  if (status === 408) headers.connection = 'close';
  const encoding = chooseEncoding(incoming, status, received);
  if (encoding) {
    delete headers['content-length'];
    headers['content-encoding'] = encoding.name;
    headers.vary = withAcceptEncoding(received.vary);
    // Other bytes than those that a strong ETag names.
    if (received.etag?.startsWith('"')) headers.etag = `W/${received.etag}`;
  }
  response.writeHead(status, headers);
  if (encoding) {
    const encoder = encoding.encoder();
    encoder.pipe(response);
    return encoder;
  }
  // The first event of a stream may be minutes away: its headers are not to wait for it.
  if (headers['content-length'] === undefined) response.flushHeaders();
  return response;
}

const withAcceptEncoding = (vary: string | undefined) =>
  vary && /accept-encoding/i.test(vary) ? vary : [vary, 'Accept-Encoding'].filter(Boolean).join(', ');

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
function withoutHopByHop(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(/\s*,\s*/);
  const passed: OutgoingHttpHeaders = {};
  for (const name of Object.keys(headers)) {
    if (!hopByHop.has(name) && !named.includes(name)) passed[name] = headers[name];
  }
  return passed;
}

function withoutEncodings(headers: Record<string, string | string[]>): Record<string, string | string[]> {
  const { 'accept-encoding': _encodings, ...rest } = headers;
  return rest;
}

/** Nobody outside may pretend to be a sidecar or another proxy. */
export function headersForService({ headers, socket }: IncomingMessage): Record<string, string | string[]> {
  const passed: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(withoutHopByHop(headers))) {
    if (value !== undefined && !isPretence(name)) passed[name] = value as string | string[];
  }
  const requestId = headers['x-request-id'];
  passed['x-forwarded-for'] = socket.remoteAddress ?? '';
  passed['x-forwarded-proto'] = 'http';
  passed['x-forwarded-host'] = headers.host ?? '';
  passed['x-request-id'] = typeof requestId === 'string' && /^[\w.-]{1,64}$/.test(requestId) ? requestId : randomUUID();
  return passed;
}

/** `Expect` was answered by this server already. */
const isPretence = (name: string): boolean =>
  name.startsWith('dapr-') ||
  name.startsWith('x-forwarded-') ||
  name === 'forwarded' ||
  name === 'x-real-ip' ||
  name === 'expect';

const late: GatewayProblem = {
  status: 504,
  title: 'Gateway Timeout',
  message: 'The service did not answer in time: look whether it was done before trying again.',
};

const down: GatewayProblem = {
  status: 503,
  title: 'Service Unavailable',
  message: 'The service is starting or down: try again in a moment.',
  retryAfterSeconds: 1,
};

const broken: GatewayProblem = {
  status: 502,
  title: 'Bad Gateway',
  message: 'The service broke off: try again in a moment.',
  retryAfterSeconds: 1,
};

function problemOf({ code }: NodeJS.ErrnoException): GatewayProblem {
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return late;
  return code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT' ? down : broken;
}
