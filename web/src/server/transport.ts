// How server components ask the services: by Dapr service invocation, or over plain HTTP when there is no sidecar.
import { cookies, headers } from 'next/headers';
import { type Problem, problemOf, tooSlow, unreachable } from '@/api/problem';
import { readConfiguration } from './configuration';

export type Service = 'auth' | 'tickets' | 'orders' | 'payments';

/** A refusal is an answer like any other: the page decides what it means. */
export type ApiAnswer<Body> = { ok: true; body: Body } | { ok: false; problem: Problem };

export const sessionCookie = 'session';
const defaultTimeoutMs = 5_000;

/**
 * Reads from a service on behalf of the visitor. Only their session goes along, and what the service may set in return
 * is dropped: sessions renew on the browser's own calls.
 * @param path as the public API has it, `/api/tickets?q=…`
 */
export async function callApi<Body>(
  service: Service,
  path: `/api/${string}`,
  { timeoutMs = defaultTimeoutMs } = {},
): Promise<ApiAnswer<Body>> {
  const { address, headers: own } = addressOf(service, path);
  const headersToSend = { accept: 'application/json', ...own, ...(await visitorHeaders()) };
  try {
    const response = await fetch(address, {
      headers: headersToSend,
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) return { ok: false, problem: await problemOf(response) };
    return { ok: true, body: (await response.json()) as Body };
  } catch (error) {
    // What fetch and reading throw is about the network: no answer, half of one, or one of no sense.
    const problem = (error as Error).name === 'TimeoutError' ? tooSlow : notAnswering;
    const line = { level: 'warn', service, path, msg: 'no answer', problem: problem.code, err: String(error) };
    process.stderr.write(`${JSON.stringify(line)}\n`);
    return { ok: false, problem };
  }
}

const notAnswering: Problem = {
  ...unreachable,
  detail: 'A part of the marketplace is not answering right now. Try again in a moment.',
};

function addressOf(service: Service, path: string): { address: string; headers: Record<string, string> } {
  const { daprHttpPort, daprApiToken, apiUrl } = readConfiguration();
  if (!daprHttpPort) return { address: `${apiUrl}${path}`, headers: {} };
  return {
    address: `http://127.0.0.1:${daprHttpPort}/v1.0/invoke/${service}/method${path}`,
    headers: daprApiToken ? { 'dapr-api-token': daprApiToken } : {},
  };
}

async function visitorHeaders(): Promise<Record<string, string>> {
  const [received, jar] = await Promise.all([headers(), cookies()]);
  const session = jar.get(sessionCookie)?.value;
  const passed: Record<string, string> = session ? { cookie: `${sessionCookie}=${session}` } : {};
  // The address counts for rate limits; without it all visitors would share the web server's.
  for (const name of ['traceparent', 'x-forwarded-for', 'x-request-id']) {
    const value = received.get(name);
    if (value) passed[name] = value;
  }
  return passed;
}
