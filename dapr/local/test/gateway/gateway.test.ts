import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type RequestOptions,
  request,
  type Server,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type Gateway, startGateway } from '../../src/gateway/start-gateway';

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
  json(): { status: number; errors: { message: string }[] };
}

describe('the gateway', () => {
  let service: Server;
  let gateway: Gateway;
  let serve: RequestListener;
  let seen: IncomingMessage[];

  beforeEach(async () => {
    seen = [];
    serve = (_request, response) => response.end('served');
    service = createServer((incoming, response) => {
      seen.push(incoming);
      serve(incoming, response);
    });
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    const upstream = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    gateway = await startGateway({
      port: 0,
      upstreams: { tickets: upstream, orders: upstream, auth: upstream, payments: 'http://127.0.0.1:1' },
      publicUrl: 'http://localhost:3000',
      inboxUrl: 'http://127.0.0.1:14055',
      readApiDescription: async () =>
        '{"info":{"title":"Tickets <b>","version":"1"},"paths":{"/api/tickets":{"get":{"summary":"Browse","responses":{"200":{"description":"For sale"}}}}}}',
      timeoutMs: 1_500,
    });
  });

  afterEach(async () => {
    await gateway.stop(0);
    service.closeAllConnections();
    service.close();
  });

  const send = async (path: string, options: RequestOptions = {}, body?: Buffer | string): Promise<Answer> => {
    const outgoing = request({ host: '127.0.0.1', port: gateway.port, path, agent: false, ...options });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const bytes = await buffer(answer);
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      body: bytes,
      json: () => JSON.parse(bytes.toString()),
    };
  };

  it('ends the connection of who took too long to send', async () => {
    serve = (_request, response) => response.writeHead(408).end();
    const answer = await send('/api/orders', {
      agent: undefined,
      method: 'POST',
      headers: { connection: 'keep-alive' },
    });
    expect([answer.status, answer.headers.connection]).toEqual([408, 'close']);
    serve = (_request, response) => response.end();
    const other = await send('/api/orders', {
      agent: undefined,
      method: 'POST',
      headers: { connection: 'keep-alive' },
    });
    expect([other.status, other.headers.connection]).toEqual([200, 'keep-alive']);
  });

  describe('routes', () => {
    test.each([
      '/api/tickets',
      '/api/tickets/1',
      '/api/tickets?q=a%20b',
      '/api/users/signup',
      '/api/orders/1/ticket',
      '/api/x/../tickets',
      '/api//tickets',
    ])('%s to a service', async (path) => {
      expect((await send(path)).status).toBe(200);
      expect(seen.length).toBe(1);
    });

    test.each([
      '/internal/holds',
      '/dapr/config',
      '/dapr/subscribe',
      '/events/orders/order-created',
      '/actors/OrderExpiry/1',
      '/metrics',
      '/readyz',
      '/api',
      '/api/',
      '/api/ticketsale',
      '/api/tickets/../../internal/holds',
      '/api/tickets/%2e%2e/%2E%2E/internal/holds',
      '/api/tickets/..\\..\\internal',
      '//internal/holds',
      'http://elsewhere/internal/holds',
      '/API/tickets',
      '*',
    ])('%s to nobody', async (path) => {
      const answer = await send(path);
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.json()).toMatchObject({ status: 404, errors: [{ message: expect.any(String) }] });
      expect(seen).toEqual([]);
    });

    test('an encoded slash stays one: the service never sees a path above its own', async () => {
      await send('/api/tickets/..%2f..%2finternal');
      expect(seen[0]?.url).toBe('/api/tickets/..%2f..%2finternal');
    });

    test('path and query unchanged', async () => {
      await send('/api/tickets/a%20b?q=%C3%BC&cursor=a+b==');
      expect(seen[0]?.url).toBe('/api/tickets/a%20b?q=%C3%BC&cursor=a+b==');
    });
  });

  describe('passes on', () => {
    test("raw bodies byte for byte, as a webhook's signature needs", async () => {
      const body = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
      let received = Buffer.alloc(0);
      serve = async (incoming, response) => {
        received = await buffer(incoming);
        response.end();
      };
      await send(
        '/api/users/x',
        { method: 'POST', headers: { 'content-type': 'application/json', 'stripe-signature': 't=1,v1=abc' } },
        body,
      );
      expect(received.equals(body)).toBe(true);
      expect(seen[0]?.headers['stripe-signature']).toBe('t=1,v1=abc');
    });

    test('who asked and how, and lets nobody pretend', async () => {
      await send('/api/tickets', {
        headers: {
          host: 'shop.example',
          'x-forwarded-for': '6.6.6.6',
          'x-forwarded-proto': 'https',
          'x-real-ip': '6.6.6.6',
          forwarded: 'for=6.6.6.6',
          'dapr-api-token': 'guess',
          'dapr-caller-app-id': 'orders',
          'x-request-id': 'r-1',
          connection: 'x-secret',
          'x-secret': '1',
        },
      });
      expect(seen[0]?.headers).toMatchObject({
        host: 'shop.example',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': 'shop.example',
        'x-request-id': 'r-1',
      });
      for (const name of ['x-real-ip', 'forwarded', 'dapr-api-token', 'dapr-caller-app-id', 'x-secret'])
        expect(seen[0]?.headers[name]).toBeUndefined();
    });

    test('an id of its own in place of one that is no id', async () => {
      await send('/api/tickets', { headers: { 'x-request-id': 'a b"<script>' } });
      expect(seen[0]?.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    });

    test('status, cookies and headers of the answer', async () => {
      serve = (_incoming, response) => {
        response.writeHead(409, {
          'set-cookie': ['a=1; HttpOnly', 'b=2'],
          location: '/api/orders/1',
          'content-type': 'application/problem+json',
        });
        response.end('{}');
      };
      const answer = await send('/api/orders', { method: 'POST' }, '{}');
      expect(answer.status).toBe(409);
      expect(answer.headers).toMatchObject({
        'set-cookie': ['a=1; HttpOnly', 'b=2'],
        location: '/api/orders/1',
        'x-content-type-options': 'nosniff',
      });
    });

    test('each server-sent event as it comes, never compressed', async () => {
      let events: (text: string) => void = () => undefined;
      let left = false;
      serve = (_incoming, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.flushHeaders();
        events = (text) => response.write(text);
        response.on('close', () => {
          left = true;
        });
      };
      const outgoing = request({
        host: '127.0.0.1',
        port: gateway.port,
        path: '/api/tickets/stream',
        headers: { 'accept-encoding': 'br, gzip' },
        agent: false,
      });
      outgoing.on('error', () => undefined);
      outgoing.end();
      const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
      expect(answer.headers['content-encoding']).toBeUndefined();
      // Longer than the limit for the beginning of an answer.
      await new Promise((resolve) => setTimeout(resolve, 1_700));
      for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
        events(text);
        const [chunk] = (await once(answer, 'data')) as [Buffer];
        expect(chunk.toString()).toBe(text);
      }
      outgoing.destroy();
      const deadline = Date.now() + 5_000;
      while (!left && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(left).toBe(true);
    });
  });

  describe('compresses JSON', () => {
    const body = JSON.stringify({ items: Array(200).fill({ title: 'The Midnight Owls' }) });
    const answerJson =
      (headers: Record<string, string> = {}): RequestListener =>
      (_incoming, response) => {
        response.writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          ...headers,
        });
        response.end(body);
      };

    test.each([
      ['br, gzip', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ] as const)('for who accepts %s', async (accepted, encoding, decompress) => {
      serve = answerJson();
      const answer = await send('/api/tickets', { headers: { 'accept-encoding': accepted } });
      expect(answer.headers).toMatchObject({ 'content-encoding': encoding, vary: 'Accept-Encoding' });
      expect(answer.body.length).toBeLessThan(body.length / 5);
      expect(decompress(answer.body).toString()).toBe(body);
    });

    test.each([
      ['nobody asked', {}, {}],
      ['it is encoded already', { 'accept-encoding': 'br' }, { 'content-encoding': 'identity' }],
      ['an ETag names its bytes', { 'accept-encoding': 'br' }, { etag: '"3"' }],
      ['it is compressed by its nature', { 'accept-encoding': 'br' }, { 'content-type': 'application/pdf' }],
    ])('but not when %s', async (_why, requestHeaders, answerHeaders) => {
      serve = answerJson(answerHeaders);
      const answer = await send('/api/tickets', { headers: requestHeaders });
      expect(answer.body.toString()).toBe(body);
    });
  });

  describe('when a service', () => {
    test('is down, answers 503 with Retry-After', async () => {
      const answer = await send('/api/payments', { method: 'POST' }, '{}');
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.json().errors).toEqual([{ message: expect.stringContaining('try again') }]);
    });

    test('breaks off, answers 502', async () => {
      serve = (incoming) => incoming.socket.destroy();
      const answer = await send('/api/tickets');
      expect(answer.status).toBe(502);
      expect(answer.headers['retry-after']).toBe('1');
    });

    test('does not answer in time, answers 504', async () => {
      serve = () => undefined;
      expect((await send('/api/tickets')).status).toBe(504);
    });

    test('breaks off in the middle of its answer, breaks off too', async () => {
      serve = (incoming, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => incoming.socket.destroy());
      };
      await expect(send('/api/tickets')).rejects.toThrow();
    });

    test('refuses a large body early, passes the refusal on', async () => {
      serve = (_incoming, response) => {
        response.writeHead(413, { 'content-type': 'application/problem+json' });
        response.end('{"status":413}');
      };
      const answer = await send('/api/tickets', { method: 'POST' }, Buffer.alloc(2_000_000));
      expect(answer.status).toBe(413);
    });
  });

  describe('pages', () => {
    test('say what is there, and load nothing from elsewhere', async () => {
      const answer = await send('/');
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      const html = answer.body.toString();
      for (const wanted of [
        '<html lang="en">',
        '<main>',
        '<title>',
        'href="/api/tickets"',
        'href="/api/docs"',
        'http://127.0.0.1:14055',
      ])
        expect(html).toContain(wanted);
      expect(html).not.toContain('<script');
    });

    test('list the API from its description, escaped', async () => {
      const html = (await send('/api/docs')).body.toString();
      expect(html).toContain('/api/tickets');
      expect(html).toContain('For sale');
      expect(html).toContain('Tickets &lt;b&gt;');
      expect((await send('/api/openapi.json')).headers['content-type']).toBe('application/json');
    });

    test('have a head without a body', async () => {
      const answer = await send('/', { method: 'HEAD' });
      expect(answer.status).toBe(200);
      expect(answer.body.length).toBe(0);
    });

    test.each(['POST', 'DELETE'])('take no %s', async (method) => {
      expect((await send('/', { method })).status).toBe(404);
    });
  });

  test.each(['h2c', 'websocket'])('answers what offers %s as if it had not been offered', async (protocol) => {
    const answer = await send('/api/tickets', {
      headers: { connection: 'Upgrade, HTTP2-Settings', upgrade: protocol },
    });
    expect({ status: answer.status, body: answer.body.toString() }).toEqual({ status: 200, body: 'served' });
    expect(seen[0]?.headers.upgrade).toBeUndefined();
  });

  describe('what never becomes a request', () => {
    const say = async (words: string) => {
      const socket = connect(gateway.port, '127.0.0.1');
      socket.end(words);
      return (await buffer(socket)).toString();
    };

    test.each([
      ['too large headers', `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
      ['a first line that is none', 'HELO there\r\n\r\n', 400],
    ])('%s are refused with a problem', async (_what, words, status) => {
      const [head, body] = (await say(words)).split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(head).toContain('application/problem+json');
      expect(JSON.parse(body ?? '')).toMatchObject({ status, errors: [{ message: expect.any(String) }] });
      expect(seen).toEqual([]);
    });

    test('breaks off an answer that is half sent', async () => {
      serve = (_incoming, response) => response.write('half');
      const socket = connect(gateway.port, '127.0.0.1');
      socket.write('GET /api/tickets HTTP/1.1\r\nHost: a\r\n\r\n');
      await once(socket, 'data');
      socket.write('HELO there\r\n\r\n');
      expect((await buffer(socket)).toString()).not.toContain('problem+json');
    });
  });

  test('when stopped, finishes what is in hand and takes no more', async () => {
    let finish: () => void = () => undefined;
    serve = (_incoming, response) => {
      finish = () => response.end('late');
    };
    const inHand = send('/api/tickets');
    await once(service, 'request');
    const stopped = gateway.stop(5_000);
    await expect(send('/api/tickets')).rejects.toThrow(/ECONNREFUSED/);
    finish();
    expect((await inHand).body.toString()).toBe('late');
    await stopped;
  });
});
