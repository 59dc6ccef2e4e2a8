import type { IncomingMessage, ServerResponse } from 'node:http';
import { faultPage, pageHeaders } from './pages';
import { type GatewayProblem, sendProblem } from './send-problem';

const lookAgainSeconds = 2;

/**
 * Tells a person that the web client does not answer, on a page that looks again by itself; a script gets the problem
 * document. Only a question is asked again: what was sent by a form is not sent twice.
 */
export function sendFaultPage(request: IncomingMessage, response: ServerResponse, problem: GatewayProblem): void {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (response.headersSent || !request.headers.accept?.includes('text/html')) {
    sendProblem(response, problem);
    return;
  }
  const body = faultPage(problem);
  response.writeHead(problem.status, {
    ...pageHeaders,
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
    'retry-after': String(problem.retryAfterSeconds ?? lookAgainSeconds),
    ...(reads && problem.retryAfterSeconds !== undefined ? { refresh: String(lookAgainSeconds) } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
