// What never becomes a request, and who takes too long, as they look on the wire.
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Router } from 'express';
import { createHttpApp, createHttpServer, createMetrics, type ServerTimeouts, silentLog } from '../../src';

const routes = Router();
routes.post('/things', (req, res) => {
  res.status(201).json(req.body);
});
routes.get('/half', (_req, res) => {
  res.write('half');
});
const app = createHttpApp({ log: silentLog, metrics: createMetrics('test'), routes });

let servers: Server[] = [];
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  servers = [];
});

async function start(timeouts?: Partial<ServerTimeouts>): Promise<number> {
  const server = createHttpServer(app, timeouts);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** All that is answered until the other side ends the connection, which this one never does. */
function answerTo(port: number, sent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.once('error', reject).once('end', () => {
      resolve(answer);
      socket.destroy();
    });
    socket.write(sent);
  });
}

function problemIn(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(head.toLowerCase()).toContain('connection: close');
  expect(head).toMatch(/\r\nDate: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/);
  expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
  const problem = JSON.parse(body);
  expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${problem.status} ${problem.title}`);
  expect(problem.errors).toEqual([{ message: problem.detail }]);
  return [problem.status, problem.type];
}

describe('what is no request', () => {
  test.each<[string, string, number, string]>([
    [
      'larger headers than it takes',
      `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(90_000)}\r\n\r\n`,
      431,
      'HeadersTooLarge',
    ],
    [
      'both a length and chunks',
      'POST /api/things HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'MalformedRequest',
    ],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      400,
      'MalformedRequest',
    ],
    ['nonsense', 'hello\r\n\r\n', 400, 'MalformedRequest'],
    ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n', 400, 'MalformedRequest'],
  ])('When there is %s, then a problem document says so and the connection ends', async (_what, sent, status, code) => {
    expect(problemIn(await answerTo(await start(), sent))).toEqual([status, `/problems/${code}`]);
  });

  test('When it follows half an answer, then nothing is put into that', async () => {
    const answer = await answerTo(await start(), 'GET /api/half HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n').catch(
      String,
    );
    expect(answer).not.toContain('MalformedRequest');
  });
});

describe('who takes too long', () => {
  const quick = { headersMs: 100, requestMs: 200, checkEveryMs: 50 };

  test.each<[string, string]>([
    ['body', 'POST /api/things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{'],
    ['headers', 'POST /api/things HTTP/1.1\r\nHost: a\r\n'],
  ])('When the %s do not end, then 408 is answered and the connection ends', async (_what, sent) => {
    expect(problemIn(await answerTo(await start(quick), sent))).toEqual([408, '/problems/RequestTimeout']);
  });

  test('When nothing is said at all, then nothing is answered', async () => {
    expect(await answerTo(await start(quick), '')).toBe('');
  });

  test('When it goes on sending after it was refused, then it is cut off all the same', async () => {
    const port = await start(quick);
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const closed = new Promise<void>((resolve) => {
      socket.on('error', () => undefined).once('close', () => resolve());
    });
    socket.write('POST /api/things HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n');
    const dripping = setInterval(() => socket.write('x'), 20);
    await closed;
    clearInterval(dripping);
  });

  test('When the usual times are taken, then an idle connection outlives those before it, and a slow request does not', async () => {
    await start();
    const [server] = servers;
    expect(server?.keepAliveTimeout).toBeGreaterThan(60_000);
    expect(server?.headersTimeout).toBeLessThan(server?.requestTimeout ?? 0);
    expect(server?.requestTimeout).toBeLessThanOrEqual(30_000);
  });
});

test('Every answer is dated', async () => {
  const answer = await fetch(`http://127.0.0.1:${await start()}/api/nothing`);
  expect(Date.parse(answer.headers.get('date') ?? '')).not.toBeNaN();
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});
