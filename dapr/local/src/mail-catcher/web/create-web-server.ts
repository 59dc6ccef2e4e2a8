import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Logger } from 'pino';
import type { MailFaults } from '../mail-faults';
import type { Mailbox } from '../mailbox';
import { type Answer, answerJson, send } from './answers';
import { findRoute } from './routes';
import { streamChanges } from './stream-changes';

/** The inbox for people and, under /api, for programs. */
export function createWebServer(mailbox: Mailbox, faults: MailFaults, log?: Pick<Logger, 'error'>): Server {
  return createServer((request, response) => {
    const { pathname } = addressOf(request);
    if (pathname === '/stream' && isOwnPage(request)) return streamChanges(mailbox, request, response);
    answer(request, mailbox, faults).then(
      (found) => send(response, found),
      (error: unknown) => {
        log?.error({ err: error }, 'inbox request failed');
        send(response, answerJson(500, { error: 'The mail catcher failed: see its log.' }));
      },
    );
  });
}

async function answer(request: IncomingMessage, mailbox: Mailbox, faults: MailFaults): Promise<Answer> {
  if (!isOwnPage(request)) return answerJson(403, { error: 'Open the inbox at its own address.' });
  const { pathname, searchParams } = addressOf(request);
  const found = findRoute(request.method ?? 'GET', pathname);
  if (!found) return answerJson(404, { error: `There is nothing at ${pathname}.` });
  return found.route.answer({ mailbox, faults, parts: found.parts, search: searchParams, request });
}

const addressOf = (request: IncomingMessage): URL => new URL(`http://inbox${request.url ?? '/'}`);

/** Pages elsewhere, and names that were pointed at this machine, must not read or empty the inbox through a browser. */
function isOwnPage({ headers, method, socket }: IncomingMessage): boolean {
  const isLoopback = /^(127\.|::1$|::ffff:127\.)/.test(socket.localAddress ?? '');
  const isLocalName = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(headers.host ?? '');
  const isLink =
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  const isForeign =
    ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site'])) || isOfOther(headers.origin, headers.host);
  return (!isLoopback || isLocalName) && (!isForeign || isLink);
}

/** An origin that is no address (`null`: a sandboxed frame, a file) is nobody's own. */
const isOfOther = (origin: string | undefined, host: string | undefined): boolean =>
  origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host);
