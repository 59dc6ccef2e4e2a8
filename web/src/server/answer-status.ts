// Next answers 200 for whatever a page returns, and an empty page for what it throws. A page that has to say "this part
// of us is down" wants both, words and status 500, so it marks the answer under way, found by Node's own channel.
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';

/** In the global scope: Next bundles instrumentation and pages apart, and each would have a storage of its own. */
const key = Symbol.for('web.answer-under-way');
const shared = globalThis as typeof globalThis & { [key]?: AsyncLocalStorage<ServerResponse> };

export function rememberResponses(): void {
  shared[key] ??= new AsyncLocalStorage();
  subscribe('http.server.request.start', (message) => {
    shared[key]?.enterWith((message as { response: ServerResponse }).response);
  });
}

/** The page that is being rendered will be answered with this status. */
export function answerWithStatus(status: number): void {
  const response = shared[key]?.getStore();
  if (response && !response.headersSent) response.statusCode = status;
}
