import { EventEmitter } from 'node:events';
import { Pool } from 'undici';
import { currentTraceparent } from '../observability';

export interface SidecarAddress {
  host: string;
  httpPort: number;
  /** Sent as `dapr-api-token` when daprd was started with one. */
  apiToken?: string | undefined;
}

export interface SidecarAnswer {
  status: number;
  text: string;
}

export interface Sidecar {
  request(method: string, path: string, body?: string, options?: SidecarRequestOptions): Promise<SidecarAnswer>;
  close(): Promise<void>;
}

export interface SidecarRequestOptions {
  timeoutMs?: number;
  headers?: Record<string, string>;
}

const defaultTimeoutMs = 5_000;

class NoAnswerInTime extends Error {
  constructor(ms: number) {
    super(`the sidecar did not answer within ${ms} ms`);
  }
}

/**
 * The sidecar's HTTP API over kept-alive connections, each request with a deadline: the SDK's client has none,
 * and a request without one waits for ever when daprd hangs.
 */
export function connectSidecar({ host, httpPort, apiToken }: SidecarAddress): Sidecar {
  const pool = new Pool(`http://${host}:${httpPort}`, {
    connections: 64,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    connect: { timeout: 2_000 },
  });
  return {
    async request(method, path, body, { timeoutMs = defaultTimeoutMs, headers = {} } = {}) {
      const traceparent = currentTraceparent();
      // Counts the wait for a connection, too. An emitter does what an AbortSignal would, at a fraction of its cost.
      const deadline = new EventEmitter();
      const timer = setTimeout(() => deadline.emit('abort'), timeoutMs);
      try {
        const { statusCode, body: answer } = await pool.request({
          method: method as 'GET',
          path,
          ...(body === undefined ? {} : { body }),
          headers: {
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(apiToken ? { 'dapr-api-token': apiToken } : {}),
            ...(traceparent ? { traceparent } : {}),
            ...headers,
          },
          signal: deadline,
        });
        return { status: statusCode, text: await answer.text() };
      } catch (error) {
        if (error instanceof Error && error.name === 'AbortError') throw new NoAnswerInTime(timeoutMs);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => pool.close(),
  };
}
