import type { ServerResponse } from 'node:http';

export interface GatewayProblem {
  status: number;
  title: string;
  /** A sentence that tells what to do. */
  message: string;
  retryAfterSeconds?: number;
}

/** Answers as the services do: RFC 9457 with a list of errors. */
export function sendProblem(
  response: ServerResponse,
  { status, title, message, retryAfterSeconds }: GatewayProblem,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify({ type: 'about:blank', title, status, detail: message, errors: [{ message }] });
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  });
  response.end(body);
}
