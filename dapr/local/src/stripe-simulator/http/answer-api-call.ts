/** One request to /v1 from its bytes to its answer: key, faults, idempotency, parameters, the work, the disk. */
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Account } from '../account';
import type { Faults, Occasion } from '../admin/faults';
import { newId } from '../ids';
import { findRoute } from '../routes';
import type { AnyRoute, Call } from '../routes/route';
import type { SimulatorLog } from '../settings';
import type { Store } from '../store/store';
import { type Answer, jsonAnswer } from './answer';
import { authenticateKey, type Keys, secretKeyRequired } from './authenticate-key';
import { type Form, parseForm } from './form';
import type { IdempotencyKeys } from './idempotency';
import { Params } from './params';
import { readBody } from './read-body';
import { invalidRequest, StripeError } from './stripe-error';

export interface Api {
  account: Account;
  store: Store;
  faults: Faults;
  keys: Keys;
  idempotency: IdempotencyKeys;
  log: SimulatorLog;
  origin(): string;
}

/** Null when a fault says that this request never gets its answer; `cutAfterMs` then says when it is cut off. */
export type ApiAnswer = Answer | { cutAfterMs: number };

export async function answerApiCall(request: IncomingMessage, api: Api): Promise<ApiAnswer> {
  const requestId = newId('req');
  const headers = { 'request-id': requestId, ...versionHeader(request) };
  try {
    const answer = await answerChecked(request, requestId, api);
    return 'cutAfterMs' in answer ? answer : { ...answer, headers: { ...headers, ...answer.headers } };
  } catch (error) {
    return jsonAnswer(...refusalOf(error, api.log), headers);
  }
}

async function answerChecked(request: IncomingMessage, requestId: string, api: Api): Promise<ApiAnswer> {
  const { path, search, method } = target(request);
  const body = await readBody(request);
  refuseJson(request, body);
  const form = parseForm(method === 'GET' ? search : body);
  const key = authenticateKey(request.headers, form.key, api.keys);
  const found = findRoute(method, path);
  if (!found) throw unrecognized(method, path);
  if (key === 'publishable' && !found.route.publishable) throw secretKeyRequired();

  const occasion = { operation: found.route.operation, method, path };
  if (api.faults.strike('rate-limit', occasion)) throw rateLimited();
  const unheard = api.faults.strike('lose-request', occasion);
  if (unheard) return { cutAfterMs: unheard.ms };

  const idempotencyKey = method === 'POST' ? headerOf(request, 'idempotency-key') : null;
  const call: Call = {
    account: api.account,
    id: found.id,
    key,
    clientSecret: typeof form.client_secret === 'string' ? form.client_secret : undefined,
    expand: expandOf(form),
    cause: { id: requestId, idempotency_key: idempotencyKey },
    origin: api.origin(),
  };
  const params = new Params(form, '', headerOf(request, 'stripe-version'));
  const work = () => execute(found.route, params, call, occasion, api);
  const answer = idempotencyKey === null ? await work() : await once(idempotencyKey, path, body, api, work);
  const lost = api.faults.strike('lose-answer', occasion);
  return lost ? { cutAfterMs: lost.ms } : answer;
}

/** The first answer for the key, if there is one, else the work's. */
async function once(key: string, path: string, body: string, api: Api, work: () => Promise<Answer>): Promise<Answer> {
  const kept = api.idempotency.take(key, path, body);
  const headers = { 'idempotency-key': key };
  if (kept) {
    return { status: kept.status, body: kept.body, headers: { ...headers, 'idempotent-replayed': 'true' } };
  }
  try {
    const answer = await work();
    api.idempotency.keep(key, path, body, answer.status, answer.body);
    api.store.commit();
    return { ...answer, headers: { ...answer.headers, ...headers } };
  } finally {
    api.idempotency.release(key);
  }
}

/** A refusal of the parameters is thrown: the work did not begin. What comes after that is an answer, good or bad. */
async function execute(route: AnyRoute, params: Params, call: Call, occasion: Occasion, api: Api): Promise<Answer> {
  const delay = api.faults.strike('delay', occasion);
  if (delay) await wait(delay.ms);

  const run = route.prepare(params);
  const broken = api.faults.strike('server-error', occasion);
  if (broken && !broken.workDone) return serverError();
  const answer = perform(run, call, api);
  api.store.commit();
  return broken ? serverError() : answer;
}

function perform(run: (call: Call) => object, call: Call, { account, log }: Api): Answer {
  try {
    account.lapseAuthorizations();
    return jsonAnswer(200, run(call));
  } catch (error) {
    return jsonAnswer(...refusalOf(error, log));
  }
}

function refusalOf(error: unknown, log: SimulatorLog): [status: number, body: object] {
  if (error instanceof StripeError) return [error.status, { error: error.body }];
  log.error({ err: error }, 'request failed');
  return [500, { error: { type: 'api_error', message: 'The simulator failed: see its log.' } }];
}

const serverError = (): Answer =>
  jsonAnswer(500, {
    error: { type: 'api_error', message: 'Sorry! There was an error while talking to one of our backends.' },
  });

const rateLimited = () =>
  new StripeError(429, {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message: 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
  });

const unrecognized = (method: string, path: string) =>
  new StripeError(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  });

function refuseJson(request: IncomingMessage, body: string): void {
  if (body === '' || !headerOf(request, 'content-type')?.includes('json')) return;
  throw invalidRequest(
    'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.',
  );
}

function target(request: IncomingMessage): { path: string; search: string; method: string } {
  const [path = '', search = ''] = (request.url ?? '').split('?', 2);
  return { path, search, method: request.method ?? 'GET' };
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

const versionHeader = (request: IncomingMessage): Record<string, string> => {
  const version = headerOf(request, 'stripe-version');
  return version ? { 'stripe-version': version } : {};
};

const expandOf = ({ expand }: Form): string[] =>
  Array.isArray(expand) ? expand.filter((path) => typeof path === 'string') : [];
