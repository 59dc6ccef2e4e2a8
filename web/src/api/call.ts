// Calls from the browser: to its own origin only, where the ingress sends them to the services.
import { ApiError, type Problem, problemOf, tooSlow, unreachable } from './problem';

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs?: number;
  /** Told the headers of every answer, refusals too. */
  onHeaders?: (headers: Headers) => void;
}

const defaultTimeoutMs = 15_000;

/**
 * @returns the answer's body, nothing for 204
 * @throws ApiError for every refusal and when there is no answer
 */
export async function call<Body = undefined>(
  path: `/api/${string}`,
  { method = 'GET', body, headers = {}, timeoutMs = defaultTimeoutMs, onHeaders }: CallOptions = {},
): Promise<Body> {
  const init: RequestInit = {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : jsonType), ...headers },
    body: body === undefined ? null : JSON.stringify(body),
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(timeoutMs),
  };
  try {
    const response = await fetch(path, init);
    onHeaders?.(response.headers);
    if (!response.ok) throw new ApiError(await problemOf(response));
    return (response.status === 204 ? undefined : await response.json()) as Body;
  } catch (error) {
    // Everything else that fetch and reading throw is about the network: no answer, half of one, or one of no sense.
    if (error instanceof ApiError) throw error;
    throw new ApiError((error as Error).name === 'TimeoutError' ? tooSlow : unreachable);
  }
}

/** What to tell about anything that a call threw. @throws what is not about the call */
export function problemFrom(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  throw error;
}

const jsonType = { 'content-type': 'application/json' };
