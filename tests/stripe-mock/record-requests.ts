// A wire between somebody and the simulator that notes what goes over it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  method: 'get' | 'post';
  /** `/v1/payment_intents/pi_1/capture` */
  path: string;
  /** As sent: of a GET its query, of a POST its form. */
  parameters: string;
  status: number;
  answer: Record<string, unknown>;
}

export interface Wire {
  url: string;
  exchanges: Exchange[];
  close(): void;
}

export async function wireTo(target: string): Promise<Wire> {
  const exchanges: Exchange[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    const forwarded = ['authorization', 'content-type', 'idempotency-key', 'stripe-version'].flatMap((name) => {
      const value = req.headers[name];
      return typeof value === 'string' ? [[name, value] as [string, string]] : [];
    });
    const reply = await fetch(target + req.url, {
      method: String(req.method),
      headers: forwarded,
      ...(req.method === 'POST' ? { body } : {}),
    });
    const text = await reply.text();
    const [path = '', query = ''] = String(req.url).split('?', 2);
    exchanges.push({
      method: req.method === 'POST' ? 'post' : 'get',
      path,
      parameters: req.method === 'POST' ? body : query,
      status: reply.status,
      answer: JSON.parse(text) as Record<string, unknown>,
    });
    res.writeHead(reply.status, { 'content-type': 'application/json', 'stripe-should-retry': 'false' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
