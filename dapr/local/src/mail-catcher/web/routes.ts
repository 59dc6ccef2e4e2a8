import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { MailFaults } from '../mail-faults';
import type { Mailbox, MessageFilter } from '../mailbox';
import { type Message, summaryOf } from '../message';
import { type Answer, answerFile, answerJson, answerPage, answerText, redirect } from './answers';
import { inboxPage } from './inbox-page';
import { inboxScript } from './inbox-script';
import { mailFrame } from './mail-frame';
import { messagePage } from './message-page';
import { stylesheet } from './stylesheet';

interface Visit {
  mailbox: Mailbox;
  faults: MailFaults;
  /** What stood where the pattern has a group. */
  parts: string[];
  search: URLSearchParams;
  request: IncomingMessage;
}

interface Route {
  method: string;
  pattern: RegExp;
  answer(visit: Visit): Answer | Promise<Answer>;
}

const routes: readonly Route[] = [
  { method: 'GET', pattern: /^\/$/, answer: showInbox },
  { method: 'GET', pattern: /^\/inbox\.css$/, answer: () => answerText('text/css', stylesheet) },
  { method: 'GET', pattern: /^\/inbox\.js$/, answer: () => answerText('text/javascript', inboxScript) },
  { method: 'GET', pattern: /^\/messages\/([^/]+)$/, answer: showMessage },
  { method: 'GET', pattern: /^\/messages\/([^/]+)\/html$/, answer: showFrame },
  { method: 'GET', pattern: /^\/messages\/([^/]+)\/attachments\/(\d+)$/, answer: download },
  { method: 'POST', pattern: /^\/delete-all$/, answer: emptyInbox },

  { method: 'GET', pattern: /^\/api\/messages$/, answer: listMessages },
  { method: 'GET', pattern: /^\/api\/messages\/([^/]+)$/, answer: readMessage },
  { method: 'DELETE', pattern: /^\/api\/messages$/, answer: deleteMessages },
  { method: 'GET', pattern: /^\/api\/faults$/, answer: ({ faults }) => answerJson(200, faults) },
  { method: 'POST', pattern: /^\/api\/faults$/, answer: setFaults },
];

export function findRoute(method: string, path: string): { route: Route; parts: string[] } | null {
  const asked = method === 'HEAD' ? 'GET' : method;
  for (const route of routes) {
    const match = route.method === asked ? route.pattern.exec(path) : null;
    if (match) return { route, parts: match.slice(1) };
  }
  return null;
}

function showInbox({ mailbox, search }: Visit): Answer {
  const to = search.get('to') ?? '';
  return answerPage(inboxPage(mailbox.list({ to }), to));
}

function showMessage(visit: Visit): Answer {
  const message = messageOf(visit);
  return message ? answerPage(messagePage(message, visit.search.get('view'))) : gone();
}

function showFrame(visit: Visit): Answer {
  const message = messageOf(visit);
  return message ? mailFrame(message) : gone();
}

function download(visit: Visit): Answer {
  const attachment = messageOf(visit)?.attachments[Number(visit.parts[1])];
  return attachment ? answerFile(attachment) : gone();
}

async function emptyInbox({ mailbox }: Visit): Promise<Answer> {
  await mailbox.clear();
  return redirect('/');
}

const filterSchema = z.object({
  to: z.string().optional(),
  subject: z.string().optional(),
  since: z.coerce.date().optional(),
});

function listMessages({ mailbox, search }: Visit): Answer {
  const filter = filterSchema.safeParse(Object.fromEntries(search));
  if (!filter.success) return answerJson(400, { error: 'since: a date is wanted, as 2026-01-31T12:00:00Z.' });
  const messages = mailbox.list(filter.data satisfies MessageFilter);
  return answerJson(200, { messages: messages.map(summaryOf) });
}

function readMessage(visit: Visit): Answer {
  const message = messageOf(visit);
  return message ? answerJson(200, message) : answerJson(404, { error: 'There is no such mail.' });
}

async function deleteMessages({ mailbox }: Visit): Promise<Answer> {
  await mailbox.clear();
  return answerJson(200, { messages: [] });
}

const faultsSchema = z.strictObject({ refuseNext: z.number().int().min(0).max(100_000) });

async function setFaults({ request, faults }: Visit): Promise<Answer> {
  const parsed = faultsSchema.safeParse(await readJson(request));
  if (!parsed.success) return answerJson(400, { error: 'Wanted: {"refuseNext": number of mails}.' });
  faults.refuseNext = parsed.data.refuseNext;
  return answerJson(200, faults);
}

const messageOf = ({ mailbox, parts }: Visit): Message | undefined => mailbox.find(parts[0] ?? '');

const gone = (): Answer => answerText('text/plain', 'This mail is no longer here.', 404);

async function readJson(request: IncomingMessage): Promise<unknown> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > 10_000) return null;
  }
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
