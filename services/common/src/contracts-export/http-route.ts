import type { z } from 'zod';

/** A route of the public API as the OpenAPI document tells it. */
export interface HttpRoute {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With parameters in braces: `/api/tickets/{id}`. */
  path: string;
  service: 'auth' | 'tickets' | 'orders' | 'payments';
  operationId: string;
  summary: string;
  description?: string;
  /** `optional`: answers visitors too, but otherwise. */
  session: 'required' | 'optional' | 'none';
  parameters?: readonly Parameter[];
  /** `raw`: read as bytes, so that it is neither parsed nor refused for its type. */
  body?: { schema: z.ZodType; example: unknown; raw?: true };
  answers: readonly Answer[];
  /** Beside those that every route, or every route of its kind, may answer. */
  problems?: readonly RouteProblem[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description: string;
  required?: boolean;
  schema: Record<string, unknown>;
  example?: unknown;
}

export interface Answer {
  status: number;
  description: string;
  schema?: z.ZodType;
  example?: unknown;
  /** `application/json` unless it says otherwise; without a schema it is bytes. */
  contentType?: string;
  headers?: Readonly<Record<string, string>>;
}

export interface RouteProblem {
  status: number;
  /** The last part of the document's `type`. */
  code: string;
  /** As the person reads it. */
  detail: string;
  extra?: Record<string, unknown>;
  /** Seconds, as the answer's Retry-After says. */
  retryAfter?: number;
}

export const idParameter = (what: string): Parameter => ({
  name: 'id',
  in: 'path',
  required: true,
  description: `The ${what}`,
  schema: { type: 'string' },
});

export const pageParameters = (what: string): Parameter[] => [
  {
    name: 'limit',
    in: 'query',
    description: `At most so many ${what}`,
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  },
  {
    name: 'cursor',
    in: 'query',
    description: 'Where the last page ended: its `nextCursor`',
    schema: { type: 'string' },
  },
];

export const setsCookie = {
  'Set-Cookie':
    '`session` (httpOnly, SameSite=Lax, Secure over HTTPS), and `device`, by which the account knows this browser when ' +
    'wrong passwords are counted',
};
