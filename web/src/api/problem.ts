// What went wrong, as the API tells it (RFC 9457 with an `errors` list), or as we do when it could not be asked.

export interface Problem {
  status: number;
  /** The last part of the document's `type`: a stable name. `Unreachable` and `TooSlow` are ours. */
  code: string;
  /** For people: what happened and what to do next. */
  detail: string;
  errors: FieldProblem[];
  /** With a problem of an order: which one. */
  orderId?: string;
  /** With PriceChanged: the price now, in cents. */
  price?: number;
  retryAfterSeconds?: number;
}

export interface FieldProblem {
  message: string;
  field?: string;
}

/** Thrown by browser calls; server components get problems as results. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export const unreachable: Problem = {
  status: 503,
  code: 'Unreachable',
  detail: 'We could not reach the marketplace. Check your connection and try again.',
  errors: [],
};

export const tooSlow: Problem = {
  status: 504,
  code: 'TooSlow',
  detail: 'The marketplace took too long to answer. Try again in a moment.',
  errors: [],
};

/** Reads a refusal, whatever shape it has: a proxy on the way may answer with a page of its own. */
export async function problemOf(response: Response): Promise<Problem> {
  const document = Object(await response.json().catch(notJson)) as Record<string, unknown>;
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    status: response.status,
    code: typeof document.type === 'string' ? (document.type.split('/').pop() ?? '') : '',
    detail: typeof document.detail === 'string' ? document.detail : sentenceFor(response.status),
    errors: Array.isArray(document.errors) ? document.errors.filter(isFieldProblem) : [],
    ...(typeof document.orderId === 'string' ? { orderId: document.orderId } : {}),
    ...(typeof document.price === 'number' ? { price: document.price } : {}),
    ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
  };
}

const isFieldProblem = (entry: unknown): entry is FieldProblem =>
  typeof (Object(entry) as FieldProblem).message === 'string';

const notJson = (error: Error): undefined => {
  if (error.name === 'SyntaxError') return undefined;
  throw error;
};

const sentenceFor = (status: number): string =>
  status === 429
    ? 'That was too often. Wait a moment and try again.'
    : status >= 500
      ? 'The marketplace cannot answer right now. Try again in a moment.'
      : 'The marketplace refused this. Reload the page and try again.';
