// W3C trace context: taken from the request or event in hand, carried by the async context, sent with whatever follows.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

const current = new AsyncLocalStorage<string>();
const form = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

export const currentTraceparent = (): string | undefined => current.getStore();
export const traceIdOf = (traceparent: string | undefined): string | undefined => traceparent?.slice(3, 35);

/** Runs `work` under the given trace, or under a new one when there is none or it is malformed. */
export function withTrace<T>(traceparent: unknown, work: () => T): T {
  const valid = typeof traceparent === 'string' && form.test(traceparent) ? traceparent : newTraceparent();
  return current.run(valid, work);
}

const newTraceparent = (): string => {
  const bytes = randomBytes(24).toString('hex');
  return `00-${bytes.slice(0, 32)}-${bytes.slice(32)}-01`;
};
