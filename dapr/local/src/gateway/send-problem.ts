import type { ServerResponse } from 'node:http';

export interface GatewayProblem {
  status: number;
  title: string;
  /** A sentence that tells what to do. */
  message: string;
  retryAfterSeconds?: number;
}

/** As the services answer: RFC 9457 with a list of errors. */
export const problemDocument = ({ status, title, message }: GatewayProblem): string =>
  JSON.stringify({ type: 'about:blank', title, status, detail: message, errors: [{ message }] });

export function sendProblem(response: ServerResponse, problem: GatewayProblem): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, retryAfterSeconds } = problem;
  const body = problemDocument(problem);
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  });
  response.end(body);
}
