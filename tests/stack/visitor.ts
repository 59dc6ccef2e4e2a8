// Somebody with a browser: keeps their cookie, sends JSON, reads JSON.
import { Pool } from 'undici';

export interface Reply<Body = Record<string, unknown>> {
  status: number;
  body: Body;
  headers: Record<string, string | string[] | undefined>;
}

export interface Visitor {
  email: string;
  id: string;
  cookie: string;
  request<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply<Body>>;
}

export const password = 'correct horse battery staple';

/** Visitors of one address share its connections, as the requests of one machine do. */
export function visitorsOf(url: string, connections = 64) {
  const pool = new Pool(url, { connections, pipelining: 1 });

  const anonymous = (): Visitor => {
    const visitor: Visitor = {
      email: '',
      id: '',
      cookie: '',
      async request<Body>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
        const reply = await pool.request({
          method: method as 'GET',
          path,
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
          headers: {
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(visitor.cookie ? { cookie: visitor.cookie } : {}),
            ...headers,
          },
        });
        const set = [reply.headers['set-cookie']].flat().find((line) => line?.startsWith('session='));
        if (set) visitor.cookie = set.split(';')[0] ?? '';
        const text = await reply.body.text();
        const json = String(reply.headers['content-type'] ?? '').includes('json');
        return { status: reply.statusCode, headers: reply.headers, body: (json ? JSON.parse(text) : { text }) as Body };
      },
    };
    return visitor;
  };

  const signUp = async (email: string): Promise<Visitor> => {
    const visitor = anonymous();
    const reply = await visitor.request<{ id: string; email: string }>('POST', '/api/users/signup', {
      email,
      password,
    });
    if (reply.status !== 201)
      throw new Error(`sign-up of ${email} was answered ${reply.status} ${JSON.stringify(reply.body)}`);
    return Object.assign(visitor, { email: reply.body.email, id: reply.body.id });
  };

  return { anonymous, signUp, close: () => pool.close() };
}

export type Visitors = ReturnType<typeof visitorsOf>;
