// What never becomes a request (RFC 9112): Node would answer it without a word.
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type GatewayProblem, problemDocument } from './send-problem';

/** How long the other side may go on sending before it is cut: cut at once, it might never read the answer. */
const lingerMs = 1_000;
const refused = new WeakSet<Duplex>();

/**
 * Answers past the parser, which has given up, and ends the connection.
 * @param answer what is being sent on this connection, if anything: half an answer is not followed by another
 */
export function refuseMalformed(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  answer: ServerResponse | undefined,
): void {
  if (refused.has(socket)) return;
  refused.add(socket);
  const halfSent = answer?.headersSent === true && !answer.writableFinished;
  const silent = 'bytesRead' in socket && socket.bytesRead === 0;
  if (error.code === 'ECONNRESET' || silent || halfSent || !socket.writable) return void socket.destroy();
  answerRaw(socket, problems[error.code ?? ''] ?? malformed);
}

/** Node has left the connection to us, and cannot read the request from it any more. */
export function refuseUpgrade(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  answerRaw(socket, noOtherProtocol);
}

function answerRaw(socket: Duplex, problem: GatewayProblem): void {
  const body = problemDocument(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const cut = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(cut));
}

const malformed: GatewayProblem = {
  status: 400,
  title: 'Bad Request',
  message: 'This is not a request as HTTP has it. Look at its first line and headers.',
};

const noOtherProtocol: GatewayProblem = {
  status: 501,
  title: 'Not Implemented',
  message: 'While the web client is being developed, no protocol but HTTP/1.1 may be offered here: leave Upgrade out.',
};

/** By the `code` of Node's errors. */
const problems: Record<string, GatewayProblem> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    title: 'Request Header Fields Too Large',
    message: 'The headers are larger than this takes. Send less, cookies included.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    title: 'Request Timeout',
    message: 'The request did not arrive in time. Send it again.',
  },
};
