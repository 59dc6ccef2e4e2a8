// What the gateway does for the web client behind it.
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
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync } from 'node:zlib';
import { type Gateway, startGateway } from '../../src/gateway/start-gateway';

const html = `<!doctype html><title>Row Fifteen</title>${'<p>ticket</p>'.repeat(400)}`;

describe('the gateway before the web client', () => {
  let web: Server;
  let gateway: Gateway;
  let begin: (webSockets: boolean) => Promise<Gateway>;
  let serve: RequestListener;
  let seen: IncomingMessage[];

  beforeEach(async () => {
    seen = [];
    serve = (_incoming, response) => response.end('web');
    web = createServer((incoming, response) => {
      seen.push(incoming);
      serve(incoming, response);
    });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    const address = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    begin = (webSockets) =>
      startGateway({
        port: 0,
        upstreams: { tickets: 'http://127.0.0.1:1' },
        webUrl: address,
        webSockets,
        publicUrl: 'http://localhost:3000',
        readApiDescription: async () => undefined,
        timeoutMs: 1_500,
      });
    gateway = await begin(false);
  });

  afterEach(async () => {
    await gateway.stop(0);
    web.closeAllConnections();
    web.close();
  });

  const open = async (path: string, options: RequestOptions = {}): Promise<IncomingMessage> => {
    const outgoing = request({ host: '127.0.0.1', port: gateway.port, path, agent: false, ...options });
    outgoing.end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return answer;
  };
  const send = async (path: string, options: RequestOptions = {}) => {
    const answer = await open(path, options);
    return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
  };

  test.each(['/', '/tickets/1?q=a', '/_next/static/x.js', '/apis', '/readyz'])('passes %s to it', async (path) => {
    expect((await send(path)).body.toString()).toBe('web');
    expect(seen[0]?.url).toBe(path);
    expect(seen[0]?.headers).toMatchObject({ 'x-forwarded-proto': 'http', 'x-forwarded-for': '127.0.0.1' });
  });

  test('passes forms to it, and lets nobody pretend to be a sidecar', async () => {
    await send('/signout', { method: 'POST', headers: { 'dapr-api-token': 'guess' } });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/signout' });
    expect(seen[0]?.headers['dapr-api-token']).toBeUndefined();
  });

  test.each([
    '/api',
    '/api/nothing',
    '/API/tickets',
    '/x/../api/nothing',
    '/healthz',
    '/api/docs',
    '/internal/orders/1',
  ])('keeps %s from it', async (path) => {
    await send(path);
    expect(seen).toEqual([]);
  });

  test('passes a page on as it is made, piece by piece, compressed', async () => {
    let finish: () => void = () => undefined;
    serve = (_incoming, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', etag: '"1"', vary: 'rsc' });
      response.write(html);
      finish = () => response.end('<p>end</p>');
    };
    const answer = await open('/', { headers: { 'accept-encoding': 'gzip, br' } });
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(first.length).toBeGreaterThan(0);
    finish();
    const whole = Buffer.concat([first, await buffer(answer)]);
    expect(brotliDecompressSync(whole).toString()).toBe(`${html}<p>end</p>`);
    expect(answer.headers).toMatchObject({ 'content-encoding': 'br', etag: 'W/"1"', vary: 'rsc, Accept-Encoding' });
    expect(seen[0]?.headers['accept-encoding']).toBeUndefined();
  });

  test('compresses scripts well and leaves the browser to keep them', async () => {
    serve = (_incoming, response) => {
      response.writeHead(200, {
        'content-type': 'application/javascript; charset=UTF-8',
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'Accept-Encoding',
      });
      response.end(html);
    };
    const answer = await send('/_next/static/x.js', { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
    expect(brotliDecompressSync(answer.body).toString()).toBe(html);
  });

  test('leaves fonts and images as they are', async () => {
    serve = (_incoming, response) => {
      response.writeHead(200, { 'content-type': 'font/woff2' });
      response.end(html);
    };
    const answer = await send('/_next/static/media/x.woff2', { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.body.toString()).toBe(html);
  });

  describe('when it does not answer', () => {
    beforeEach(async () => {
      web.closeAllConnections();
      web.close();
      await once(web, 'close');
    });

    test('shows a person a page that looks again by itself', async () => {
      const answer = await send('/', { headers: { accept: 'text/html,*/*' } });
      expect(answer.status).toBe(503);
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        refresh: '2',
        'retry-after': '1',
      });
      expect(answer.body.toString()).toMatch(/<html lang="en">[\s\S]*<h1>One moment<\/h1>/);
    });

    test('does not have a form sent again', async () => {
      const answer = await send('/signout', { method: 'POST', headers: { accept: 'text/html' } });
      expect(answer.status).toBe(503);
      expect(answer.headers.refresh).toBeUndefined();
    });

    test('answers scripts with a problem', async () => {
      const answer = await send('/_next/static/x.js');
      expect(answer.status).toBe(503);
      expect(answer.headers['content-type']).toBe('application/problem+json');
    });
  });

  test('which is too slow, says so on a page', async () => {
    serve = () => undefined;
    const answer = await send('/', { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(504);
    expect(answer.body.toString()).toContain('<h1>Gateway Timeout</h1>');
  });

  test('answers an offer of WebSockets as if there was none, when the web client has none', async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade, close\r\nupgrade: websocket\r\n\r\n');
    expect((await buffer(socket)).toString()).toMatch(/^HTTP\/1\.1 200 /);
    expect(seen[0]?.headers.upgrade).toBeUndefined();
  });

  describe('passes WebSockets, when the web client has them,', () => {
    const knock = async (path: string): Promise<Buffer> => {
      const socket = connect(gateway.port, '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\nping`);
      return buffer(socket);
    };
    let heard: string;
    beforeEach(async () => {
      await gateway.stop(0);
      gateway = await begin(true);
      heard = '';
      web.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
        seen.push(incoming);
        socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n');
        const hear = (chunk: Buffer) => {
          heard += chunk.toString();
          if (heard === 'ping') socket.end('pong');
        };
        hear(head);
        socket.on('data', hear);
      });
    });

    test('to it, both ways', async () => {
      const answer = (await knock('/_next/webpack-hmr?page=1')).toString();
      expect(answer).toMatch(/^HTTP\/1\.1 101 [\s\S]*upgrade: websocket[\s\S]*pong$/);
      expect(seen[0]?.url).toBe('/_next/webpack-hmr?page=1');
    });

    test.each(['/api/tickets', '/healthz'])('but none to %s', async (path) => {
      expect((await knock(path)).toString()).toMatch(/^HTTP\/1\.1 501 [\s\S]*leave Upgrade out/);
      expect(seen).toEqual([]);
    });

    test('to no other host, whatever the path looks like', async () => {
      await knock('//elsewhere.example/x');
      expect(seen[0]?.url).toBe('/elsewhere.example/x');
      expect(heard).toBe('ping');
    });
  });
});
