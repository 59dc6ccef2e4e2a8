// The HTTP server below an app: how long it waits for whom, and what it answers to what never becomes a request.
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem } from './problem';

export interface ServerTimeouts {
  /** From a request's first byte to the end of its headers. */
  headersMs: number;
  /** From a request's first byte to the end of its body. */
  requestMs: number;
  /** How long an idle connection is kept. */
  keepAliveMs: number;
  /** How often the first two are looked at: so much later they may come. */
  checkEveryMs: number;
}

/**
 * Bodies here are a few kilobytes: who takes longer is not served. Idle connections are kept for longer than those
 * before us keep theirs (ingress-nginx 60 s, the local gateway 4 s): the one that closes first is to be the one that
 * sends requests, or a request meets a closing connection and fails.
 */
const usualTimeouts: ServerTimeouts = {
  headersMs: 15_000,
  requestMs: 30_000,
  keepAliveMs: 75_000,
  checkEveryMs: 5_000,
};

export function createHttpServer(app: RequestListener, timeouts: Partial<ServerTimeouts> = {}): Server {
  const { headersMs, requestMs, keepAliveMs, checkEveryMs } = { ...usualTimeouts, ...timeouts };
  const answering = new WeakMap<Duplex, ServerResponse>();
  const options = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: checkEveryMs,
    // Checked below, since Node answers it without a body.
    requireHostHeader: false,
  };
  const server = createServer(options, (req, res) => {
    answering.set(req.socket, res);
    if (lacksHost(req)) refuse(req.socket, malformed());
    else app(req, res);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const answer = answering.get(socket);
    const begun = answer?.headersSent === true && !answer.writableFinished;
    // Nobody is there, nothing was said, or the answer to another request is half sent.
    if (error.code === 'ECONNRESET' || !saidSomething(socket) || begun) socket.destroy();
    else refuse(socket, (problems[error.code ?? ''] ?? malformed)());
  });
  return server;
}

/** RFC 9112, 3.2. */
const lacksHost = ({ httpVersion, headers }: IncomingMessage) => httpVersion === '1.1' && headers.host === undefined;

const saidSomething = (socket: Duplex) => 'bytesRead' in socket && Number(socket.bytesRead) > 0;

const malformed = () =>
  new Problem(400, 'MalformedRequest', 'This is not a request as HTTP has it. Look at its first line and headers.');

/** By the `code` of Node's errors. */
const problems: Record<string, () => Problem> = {
  HPE_HEADER_OVERFLOW: () =>
    new Problem(431, 'HeadersTooLarge', 'The headers are larger than this takes. Send less, cookies included.'),
  ERR_HTTP_REQUEST_TIMEOUT: () =>
    new Problem(408, 'RequestTimeout', 'The request did not arrive in time. Send it again.'),
};

/** How long the other side may go on sending before it is cut: cut at once, it might never read the answer. */
const lingerMs = 1_000;
const refused = new WeakSet<Duplex>();

/** Answers past the parser, which has given up, and ends the connection. */
function refuse(socket: Duplex, problem: Problem): void {
  if (refused.has(socket)) return;
  refused.add(socket);
  if (!socket.writable) return void socket.destroy();
  const body = JSON.stringify(problem.document());
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const cut = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(cut));
}
