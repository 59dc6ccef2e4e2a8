/** The simulator's own controls, for tests and for people; only from this machine. */
import type { IncomingMessage } from 'node:http';
import type { Account } from '../account';
import { type Answer, jsonAnswer } from '../http/answer';
import { readBody } from '../http/read-body';
import type { Store } from '../store/store';
import { type Faults, faultSchema } from './faults';

export interface Admin {
  account: Account;
  store: Store;
  faults: Faults;
}

export async function answerAdminCall(request: IncomingMessage, path: string, admin: Admin): Promise<Answer> {
  if (!isFromThisMachine(request)) return jsonAnswer(403, { error: 'Only from this machine.' });
  switch (`${request.method} ${path}`) {
    case 'GET /_admin/state':
      return jsonAnswer(200, stateOf(admin));
    case 'GET /_admin/faults':
      return jsonAnswer(200, admin.faults.list());
    case 'POST /_admin/faults':
      return addFault(await readBody(request), admin.faults);
    case 'DELETE /_admin/faults':
      admin.faults.clear();
      return jsonAnswer(200, []);
    case 'POST /_admin/reset':
      admin.faults.clear();
      admin.account.reset();
      return jsonAnswer(200, stateOf(admin));
    default:
      return jsonAnswer(404, { error: 'There is state (GET), faults (GET, POST, DELETE) and reset (POST).' });
  }
}

/** A page elsewhere, or a name that was pointed at this machine, must not reach it through a person's browser. */
function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const isLoopback = /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '');
  const isLocalName = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(headers.host ?? '');
  return isLoopback && isLocalName && headers.origin === undefined && headers['x-forwarded-for'] === undefined;
}

function addFault(body: string, faults: Faults): Answer {
  const parsed = faultSchema.safeParse(jsonOf(body));
  return parsed.success
    ? jsonAnswer(201, faults.add(parsed.data))
    : jsonAnswer(400, { error: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) });
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function stateOf({ account, store, faults }: Admin): object {
  account.lapseAuthorizations();
  store.commit();
  return {
    payment_intents: [...store.intents.values()],
    charges: [...store.charges.values()],
    refunds: [...store.refunds.values()],
    pending_webhooks: [...store.deliveries.values()].map(({ id, attempts }) => ({
      id,
      type: store.events.get(id)?.type,
      attempts,
    })),
    faults: faults.list(),
  };
}
