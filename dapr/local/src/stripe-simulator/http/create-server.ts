import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Admin, answerAdminCall } from '../admin/answer-admin-call';
import { answerPageCall } from '../script/answer-page-call';
import { send } from './answer';
import { type Api, answerApiCall } from './answer-api-call';

/** The simulator's one door: Stripe's API, its pages for browsers, and the controls. */
export function createSimulatorServer(parts: Api & Admin): Server {
  const server = createServer((request, response) => {
    answer(request, response, parts).catch((error: unknown) => {
      parts.log.error({ err: error }, 'request failed');
      response.destroy();
    });
  });
  server.keepAliveTimeout = 75_000;
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: Api & Admin): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  if (path.startsWith('/_admin/')) return send(response, await answerAdminCall(request, path, parts));
  if (!path.startsWith('/v1/')) return send(response, await answerPageCall(request, path, parts));

  for (const [name, value] of Object.entries(openToBrowsers)) response.setHeader(name, value);
  if (request.method === 'OPTIONS') return send(response, { status: 204, body: '' });
  const outcome = await answerApiCall(request, parts);
  if (!('cutAfterMs' in outcome)) return send(response, outcome);
  const cut = setTimeout(() => response.destroy(), outcome.cutAfterMs);
  response.once('close', () => clearTimeout(cut));
}

/** As at api.stripe.com: no cookies are involved, the key is the authority. */
const openToBrowsers = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, idempotency-key, stripe-version',
  'access-control-expose-headers': 'Request-Id, Idempotent-Replayed',
  'access-control-max-age': '300',
};
